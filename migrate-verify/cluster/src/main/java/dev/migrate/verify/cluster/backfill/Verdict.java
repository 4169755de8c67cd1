package dev.migrate.verify.cluster.backfill;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What both databases hold in the end, and what the target has counted. Rows that no node has written are {@code quiet}: what is done to
 * them is done by the backfill.
 *
 * @param missing rows that legacy has and the target has not
 * @param unequal rows that both have, with other values
 * @param extra rows that the target has and legacy has not
 * @param writtenMeanwhile rows of legacy that the nodes have written and not deleted
 * @param deletedMeanwhile rows that legacy had in the beginning and has no more
 * @param chunks chunks that are done
 * @param unfinished chunks that are not done, or do not begin where the one before ends
 * @param repeated how often a chunk was claimed again
 * @param appliedTwice quiet rows to which anything was done more than once
 * @param apart quiet rows that were written in another transaction than the one that has noted their chunk as copied
 * @param miscounted chunks that were noted more or less than once, or with another number of rows than their transaction has inserted
 */
record Verdict(
        long missing,
        long unequal,
        long extra,
        long writtenMeanwhile,
        long deletedMeanwhile,
        long chunks,
        long unfinished,
        long repeated,
        long appliedTwice,
        long apart,
        long miscounted) {
    private static final String SORTED = "SELECT id, md5(content || '/' || payload) FROM document ORDER BY id";
    private static final String QUIET = "id % " + Document.EVERY + " <> 0";
    private static final String NOT_JOINED = "SELECT count(*) FROM migrate_chunk c LEFT JOIN migrate_chunk b"
            + " ON b.chunk = c.chunk - 1 WHERE c.state <> 'DONE' OR c.after_key IS DISTINCT FROM b.upto_key";
    private static final String APART = "SELECT count(*) FROM applied a WHERE " + QUIET
            + " AND NOT EXISTS (SELECT 1 FROM noted n JOIN migrate_chunk c USING (chunk) WHERE n.tx = a.tx"
            + " AND a.id > coalesce(substring(c.after_key from 's:([0-9]+)$')::bigint, 0)"
            + " AND a.id <= substring(c.upto_key from 's:([0-9]+)$')::bigint)";
    private static final String MISCOUNTED = "SELECT count(*) FROM migrate_chunk c WHERE"
            + " (SELECT count(*) FROM noted n WHERE n.chunk = c.chunk) <> 1 OR c.rows_written <>"
            + " (SELECT count(*) FROM applied a JOIN noted n USING (tx) WHERE n.chunk = c.chunk AND a.what = 'INSERT')";

    static Verdict of(Databases databases, Options options) throws SQLException {
        Difference rows = Difference.between(databases, options.rows());
        try (Connection target = Databases.open(databases.target);
                Statement statement = target.createStatement()) {
            statement.execute("CREATE INDEX ON applied (tx)");
            statement.execute("CREATE INDEX ON noted (chunk)");
            statement.execute("CREATE INDEX ON noted (tx)");
            statement.execute("ANALYZE");
            return new Verdict(
                    rows.missing,
                    rows.unequal,
                    rows.extra,
                    rows.writtenMeanwhile,
                    options.rows() - rows.seeded,
                    number(statement, "SELECT count(*) FROM migrate_chunk WHERE state = 'DONE'"),
                    number(statement, NOT_JOINED),
                    number(statement, "SELECT coalesce(sum(attempts), 0) - count(*) FROM migrate_chunk"),
                    number(
                            statement,
                            "SELECT count(*) FROM (SELECT id FROM applied WHERE " + QUIET
                                    + " GROUP BY id HAVING count(*) > 1) twice"),
                    number(statement, APART),
                    number(statement, MISCOUNTED));
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Whether both sides are equal and each row was written once, in the transaction of its chunk. */
    boolean isExact() {
        return missing + unequal + extra + unfinished + appliedTwice + apart + miscounted == 0;
    }

    /** Both tables, read side by side in the order of their keys. */
    private static final class Difference {
        private static final int FETCH = 1_000;
        private long missing;
        private long unequal;
        private long extra;
        private long writtenMeanwhile;
        private long seeded;

        static Difference between(Databases databases, int rows) throws SQLException {
            Difference difference = new Difference();
            try (Connection legacy = Databases.open(databases.legacy);
                    Connection target = Databases.open(databases.target);
                    Statement ofLegacy = streaming(legacy);
                    Statement ofTarget = streaming(target)) {
                try (ResultSet legacyRows = ofLegacy.executeQuery(SORTED);
                        ResultSet targetRows = ofTarget.executeQuery(SORTED)) {
                    difference.merge(legacyRows, targetRows);
                }
                difference.writtenMeanwhile =
                        number(ofLegacy, "SELECT count(*) FROM document WHERE content <> 'seeded'");
                difference.seeded = number(ofLegacy, "SELECT count(*) FROM document WHERE id <= " + rows);
            }
            return difference;
        }

        private static Statement streaming(Connection connection) throws SQLException {
            connection.setAutoCommit(false);
            Statement statement = connection.createStatement();
            statement.setFetchSize(FETCH);
            return statement;
        }

        private void merge(ResultSet legacy, ResultSet target) throws SQLException {
            boolean hasLegacy = legacy.next();
            boolean hasTarget = target.next();
            while (hasLegacy || hasTarget) {
                int order = !hasTarget ? -1 : !hasLegacy ? 1 : Long.compare(legacy.getLong(1), target.getLong(1));
                if (order < 0) {
                    missing++;
                } else if (order > 0) {
                    extra++;
                } else if (!legacy.getString(2).equals(target.getString(2))) {
                    unequal++;
                }
                hasLegacy = order <= 0 ? legacy.next() : hasLegacy;
                hasTarget = order >= 0 ? target.next() : hasTarget;
            }
        }
    }
}
