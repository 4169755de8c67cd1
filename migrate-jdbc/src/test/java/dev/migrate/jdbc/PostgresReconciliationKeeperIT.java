package dev.migrate.jdbc;

class PostgresReconciliationKeeperIT extends JdbcReconciliationKeeperContract {
    PostgresReconciliationKeeperIT() {
        super(new PostgresServer());
    }
}
