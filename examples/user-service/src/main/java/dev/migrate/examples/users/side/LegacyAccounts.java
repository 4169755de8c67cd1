package dev.migrate.examples.users.side;

import dev.migrate.examples.users.jdbc.JdbcAccounts;

/** Accounts in the legacy schema, which has only the columns that both have. */
public final class LegacyAccounts extends JdbcAccounts {}
