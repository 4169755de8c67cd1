package dev.migrate.jdbc;

class PostgresEventLogIT extends JdbcEventLogContract {
    PostgresEventLogIT() {
        super(new PostgresServer());
    }
}
