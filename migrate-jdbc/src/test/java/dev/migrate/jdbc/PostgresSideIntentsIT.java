package dev.migrate.jdbc;

class PostgresSideIntentsIT extends JdbcSideIntentsContract {
    PostgresSideIntentsIT() {
        super(new PostgresServer());
    }
}
