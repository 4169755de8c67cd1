package dev.migrate.jdbc;

class H2SideBooksIT extends JdbcSideBooksContract {
    H2SideBooksIT() {
        super(new H2Server());
    }
}
