package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** One owing trigger in one product: its statements, and how they are run and found again. */
interface OwingInstall {
    /** What makes the trigger, for the database's own command line and for tools that understand it. */
    String script();

    /** Makes the trigger, or brings one that is there in line. */
    void install(Connection connection) throws SQLException;

    /** Takes the trigger away, and what no other uses. */
    void remove(Connection connection) throws SQLException;

    /** Whether the trigger is there, as it would be made now, and switched on. */
    boolean isInstalled(Connection connection) throws SQLException;
}
