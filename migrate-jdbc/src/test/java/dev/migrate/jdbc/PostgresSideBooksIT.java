package dev.migrate.jdbc;

class PostgresSideBooksIT extends JdbcSideBooksContract {
    PostgresSideBooksIT() {
        super(new PostgresServer());
    }
}
