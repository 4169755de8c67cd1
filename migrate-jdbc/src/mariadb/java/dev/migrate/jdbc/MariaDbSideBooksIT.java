package dev.migrate.jdbc;

class MariaDbSideBooksIT extends JdbcSideBooksContract {
    MariaDbSideBooksIT() {
        super(new MariaDbServer());
    }
}
