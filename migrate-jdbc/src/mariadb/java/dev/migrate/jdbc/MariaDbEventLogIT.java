package dev.migrate.jdbc;

class MariaDbEventLogIT extends JdbcEventLogContract {
    MariaDbEventLogIT() {
        super(new MariaDbServer());
    }
}
