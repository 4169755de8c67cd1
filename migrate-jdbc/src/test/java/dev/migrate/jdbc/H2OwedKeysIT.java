package dev.migrate.jdbc;

class H2OwedKeysIT extends JdbcOwedKeysContract {
    H2OwedKeysIT() {
        super(new H2Server());
    }
}
