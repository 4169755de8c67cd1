package dev.migrate.jdbc;

class MariaDbSideIntentsIT extends JdbcSideIntentsContract {
    MariaDbSideIntentsIT() {
        super(new MariaDbServer());
    }
}
