package dev.migrate.jdbc;

class PostgresMigrationStoreIT extends JdbcMigrationStoreContract {
    PostgresMigrationStoreIT() {
        super(new PostgresServer());
    }
}
