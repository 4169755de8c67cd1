package dev.migrate.jdbc;

class MariaDbOwedKeysIT extends JdbcOwedKeysContract {
    MariaDbOwedKeysIT() {
        super(new MariaDbServer());
    }
}
