package dev.migrate.jdbc;

class H2RepairsIT extends JdbcRepairsContract {
    H2RepairsIT() {
        super(new H2Server());
    }
}
