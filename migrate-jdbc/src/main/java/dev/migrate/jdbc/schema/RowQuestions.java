package dev.migrate.jdbc.schema;

import dev.migrate.schema.SchemaFinding.Affected;
import dev.migrate.schema.SchemaFinding.Rows;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a database whether a row is affected: one row at most is read, and only for so long. */
record RowQuestions(Duration patience, boolean showsKeys) {
    /** The answer; nothing is told where there is no question, or the database cannot say it, or not in time. */
    Rows ask(Connection connection, Draft.@Nullable Question question) throws SQLException {
        if (question == null) {
            return Rows.NOT_TOLD;
        }
        try (Statement select = connection.createStatement()) {
            select.setQueryTimeout((int) Math.max(1, patience.toSeconds()));
            select.setMaxRows(1);
            try (ResultSet rows = select.executeQuery(question.sql())) {
                if (rows.next()) {
                    return new Rows(Affected.SOME, showsKeys ? key(rows) : null);
                }
                return question.tellsAll() ? new Rows(Affected.NONE, null) : Rows.NOT_TOLD;
            }
        } catch (SQLException failure) {
            if (connection.isClosed() || isLost(failure)) {
                throw failure;
            }
            return Rows.NOT_TOLD;
        } finally {
            if (!connection.isClosed() && !connection.getAutoCommit()) {
                connection.rollback();
            }
        }
    }

    private static boolean isLost(SQLException failure) {
        return failure.getSQLState() != null && failure.getSQLState().startsWith("08");
    }

    private static @Nullable String key(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int at = 1; at <= row.getMetaData().getColumnCount(); at++) {
            String value = row.getString(at);
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return String.join(", ", values);
    }
}
