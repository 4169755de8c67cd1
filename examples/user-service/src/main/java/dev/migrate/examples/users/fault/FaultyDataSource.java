package dev.migrate.examples.users.fault;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** The target database behind a {@link FaultSwitch}. */
public final class FaultyDataSource implements DataSource {

    private final DataSource database;
    private final FaultSwitch faults;

    public FaultyDataSource(DataSource database, FaultSwitch faults) {
        this.database = database;
        this.faults = faults;
    }

    @Override
    public Connection getConnection() throws SQLException {
        int breaksAt = faults.connecting();
        return BreakingConnection.of(database.getConnection(), breaksAt, faults);
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        int breaksAt = faults.connecting();
        return BreakingConnection.of(database.getConnection(user, password), breaksAt, faults);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return database.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter writer) throws SQLException {
        database.setLogWriter(writer);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return database.getLoginTimeout();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        database.setLoginTimeout(seconds);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return database.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : database.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || database.isWrapperFor(type);
    }
}
