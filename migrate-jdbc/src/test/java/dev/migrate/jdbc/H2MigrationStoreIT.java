package dev.migrate.jdbc;

class H2MigrationStoreIT extends JdbcMigrationStoreContract {
    H2MigrationStoreIT() {
        super(new H2Server());
    }
}
