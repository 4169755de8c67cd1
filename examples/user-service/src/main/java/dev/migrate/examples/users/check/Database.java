package dev.migrate.examples.users.check;

import javax.sql.DataSource;

/**
 * A side that must hold what was acknowledged.
 *
 * @param name as the findings call it
 */
public record Database(String name, DataSource connections) {}
