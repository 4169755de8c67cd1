package dev.migrate.jdbc;

class H2ReconciliationKeeperIT extends JdbcReconciliationKeeperContract {
    H2ReconciliationKeeperIT() {
        super(new H2Server());
    }
}
