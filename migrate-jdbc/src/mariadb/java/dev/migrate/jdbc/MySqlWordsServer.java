package dev.migrate.jdbc;

import java.util.Map;

/**
 * A MariaDB that is spoken to as MySQL: what the two have in common runs here for real. It is no test of MySQL. The one word that is exchanged is the
 * name of the collation.
 */
final class MySqlWordsServer implements TestServer {
    private static final NamedProduct MYSQL =
            new NamedProduct("MySQL", Map.of(), Map.of("utf8mb4_0900_bin", "utf8mb4_nopad_bin"));

    @Override
    public String product() {
        return "mysql";
    }

    @Override
    public TestDatabase fresh() {
        TestDatabase real = new MariaDbServer().fresh();
        return new TestDatabase(product(), real.name(), MYSQL.around(real.dataSource()), real.drop());
    }
}
