package dev.migrate.jdbc;

class PostgresRepairsIT extends JdbcRepairsContract {
    PostgresRepairsIT() {
        super(new PostgresServer());
    }
}
