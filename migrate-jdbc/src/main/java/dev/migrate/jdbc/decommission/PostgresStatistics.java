package dev.migrate.jdbc.decommission;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The cumulative statistics of PostgreSQL. Scans are counted as reads, rows as writes; vacuum and analyze are neither. A table's partitions are
 * counted with it. TRUNCATE is not counted, but gives the table another file.
 */
final class PostgresStatistics implements Statistics {
    private static final int FIRST_WITH_FLUSH = 150_000;

    /** What a dropped index had counted is gone with it, so the indexes are part of what a table is. */
    private static final String COUNTS = """
            select k.name,
                   (select string_agg(p.id || ':' || coalesce(pg_relation_filenode(p.id)::text, '')
                              || ':' || coalesce((select string_agg(i.indexrelid::text, '+' order by i.indexrelid)
                                                    from pg_index i where i.indrelid = p.id), ''), ',' order by p.id)
                      from parts p where p.place = k.place) as identity,
                   coalesce((select sum(pg_stat_get_%1$snumscans(p.id)
                              + coalesce((select sum(pg_stat_get_%1$snumscans(i.indexrelid))
                                            from pg_index i where i.indrelid = p.id), 0))
                      from parts p where p.place = k.place), 0) as reads,
                   coalesce((select sum(pg_stat_get_%1$stuples_inserted(p.id) + pg_stat_get_%1$stuples_updated(p.id)
                              + pg_stat_get_%1$stuples_deleted(p.id))
                      from parts p where p.place = k.place), 0) as writes%2$s
              from asked k""";

    private static final String WITH = """
            with asked as (select name, place, to_regclass(name)::oid as id from unnest(?::text[]) with ordinality as a (name, place)),
                 parts as (select place, id from asked where id is not null
                           union select place, relid::oid from asked, pg_partition_tree(id::regclass))
            """;

    private static final String OVERALL = WITH + COUNTS.formatted("", "");
    private static final String OF_TRANSACTION = WITH + COUNTS.formatted("xact_", ", pg_stat_force_next_flush()");

    private static final String WITNESS = """
            select current_setting('track_counts'), pg_postmaster_start_time()::text, d.stats_reset::text,
                   (select b.stats_reset::text from pg_stat_bgwriter b)
              from pg_stat_database d where d.datname = current_database()""";

    @Override
    public Reading read(Connection connection, List<String> tables) throws SQLException {
        return new Reading(witness(connection), counted(connection, OVERALL, tables));
    }

    /** A crash of the server discards all counts and leaves no mark at the database, but at the background writer's. */
    private static String witness(Connection connection) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(WITNESS)) {
            row.next();
            if (!"on".equals(row.getString(1))) {
                throw new Unusable("track_counts is off in PostgreSQL; turn it on for all sessions and begin anew");
            }
            return "started " + row.getString(2) + ", reset " + row.getString(3) + " and " + row.getString(4);
        }
    }

    /** What the connection's running transaction has done, of which the next flush will tell everybody; see {@link #flushed}. */
    static Map<String, Touches> ofTransaction(Connection connection, List<String> tables) throws SQLException {
        Map<String, Touches> touches = new LinkedHashMap<>();
        counted(connection, OF_TRANSACTION, tables).forEach((name, counted) -> touches.put(name, counted.touches()));
        return touches;
    }

    /** Whether the server lets a session tell of its counts at the end of its transaction; where it does, this one has told of all before. */
    static boolean flushed(Connection connection) throws SQLException {
        if (connection.getMetaData().getDatabaseMajorVersion() * 10_000 < FIRST_WITH_FLUSH) {
            return false;
        }
        try (Statement flush = connection.createStatement()) {
            flush.execute("select pg_stat_force_next_flush()");
        }
        if (!connection.getAutoCommit()) {
            connection.commit();
        }
        return true;
    }

    private static Map<String, Reading.Counted> counted(Connection connection, String sql, List<String> tables)
            throws SQLException {
        Map<String, Reading.Counted> counted = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, connection.createArrayOf("text", tables.toArray()));
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    String name = rows.getString(1);
                    @Nullable String identity = rows.getString(2);
                    if (identity == null) {
                        throw Statistics.noTable(name);
                    }
                    counted.put(name, new Reading.Counted(identity, new Touches(rows.getLong(3), rows.getLong(4))));
                }
            }
        }
        return counted;
    }
}
