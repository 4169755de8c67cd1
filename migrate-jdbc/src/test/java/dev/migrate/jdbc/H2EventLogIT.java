package dev.migrate.jdbc;

class H2EventLogIT extends JdbcEventLogContract {
    H2EventLogIT() {
        super(new H2Server());
    }
}
