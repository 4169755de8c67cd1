package dev.migrate.jdbc;

class H2SideIntentsIT extends JdbcSideIntentsContract {
    H2SideIntentsIT() {
        super(new H2Server());
    }
}
