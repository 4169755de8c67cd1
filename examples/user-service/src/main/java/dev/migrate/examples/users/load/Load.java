package dev.migrate.examples.users.load;

/**
 * How hard the clients work.
 *
 * @param rate calls per second of all clients together; more than the service manages is less
 * @param clients threads, each with one call at a time
 * @param seed the same clients make the same choices
 * @param rows the users 1 to {@code rows} are there from the beginning
 */
public record Load(int rate, int clients, long seed, long rows) {}
