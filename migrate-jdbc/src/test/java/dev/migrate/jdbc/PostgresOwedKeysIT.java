package dev.migrate.jdbc;

class PostgresOwedKeysIT extends JdbcOwedKeysContract {
    PostgresOwedKeysIT() {
        super(new PostgresServer());
    }
}
