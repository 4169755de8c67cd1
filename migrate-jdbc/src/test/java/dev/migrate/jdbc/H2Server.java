package dev.migrate.jdbc;

import org.h2.jdbcx.JdbcDataSource;

final class H2Server implements TestServer {
    @Override
    public String product() {
        return "h2";
    }

    @Override
    public TestDatabase fresh() {
        String name = TestDatabases.freshName();
        JdbcDataSource dataSource = new JdbcDataSource();
        dataSource.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        dataSource.setUser("sa");
        return new TestDatabase(product(), name, dataSource, () -> TestDatabase.execute(dataSource, "SHUTDOWN"));
    }
}
