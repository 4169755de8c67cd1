package dev.migrate.jdbc;

class MariaDbRepairsIT extends JdbcRepairsContract {
    MariaDbRepairsIT() {
        super(new MariaDbServer());
    }
}
