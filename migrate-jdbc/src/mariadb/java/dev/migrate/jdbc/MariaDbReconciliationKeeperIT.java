package dev.migrate.jdbc;

class MariaDbReconciliationKeeperIT extends JdbcReconciliationKeeperContract {
    MariaDbReconciliationKeeperIT() {
        super(new MariaDbServer());
    }
}
