package dev.migrate.jdbc;

class MariaDbMigrationStoreIT extends JdbcMigrationStoreContract {
    MariaDbMigrationStoreIT() {
        super(new MariaDbServer());
    }
}
