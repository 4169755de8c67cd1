package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A sequence of PostgreSQL.
 *
 * <p>It is moved by {@code ALTER SEQUENCE}: that keeps others from drawing until it commits, and makes sessions forget the numbers that they
 * had drawn ahead. {@code setval} does neither.
 *
 * @param quoted its name, quoted and with its schema
 */
record PostgresIssuer(String quoted) implements Issuer {
    static PostgresIssuer named(Connection connection, String sequence) throws SQLException {
        @Nullable String[] found = Issuer.row(
                connection,
                "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where c.oid = to_regclass(?) and c.relkind = 'S'",
                sequence);
        if (found == null) {
            throw new MigrationException("there is no sequence '" + sequence
                    + "' in PostgreSQL for this connection; check the name, and put its schema before it with a dot");
        }
        return new PostgresIssuer(String.valueOf(found[0]));
    }

    /** The one that an identity or serial column owns, or else the one that the column's default draws from. */
    static @Nullable PostgresIssuer behind(Connection connection, TableReading.Found table, String column)
            throws SQLException {
        @Nullable String[] found = Issuer.row(
                connection,
                "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where c.relkind = 'S' and c.oid = coalesce(pg_get_serial_sequence(?, ?)::regclass::oid,"
                        + " (select min(d.refobjid::bigint)::oid from pg_attrdef a join pg_depend d"
                        + " on d.classid = 'pg_attrdef'::regclass and d.objid = a.oid and d.refclassid = 'pg_class'::regclass"
                        + " join pg_class s on s.oid = d.refobjid and s.relkind = 'S' join pg_attribute t"
                        + " on t.attrelid = a.adrelid and t.attnum = a.adnum where a.adrelid = ?::regclass and t.attname = ?))",
                table.qualified(),
                column,
                table.qualified(),
                column);
        return found == null ? null : new PostgresIssuer(String.valueOf(found[0]));
    }

    @Override
    public String name() {
        return quoted;
    }

    @Override
    public State read(Connection connection) throws SQLException {
        @Nullable String[] row = Issuer.row(
                connection,
                "select s.last_value + p.seqincrement * called.yes, s.last_value"
                        + " - p.seqincrement * (p.seqcache - 2) * called.yes, p.seqincrement, p.seqmax from " + quoted
                        + " s, pg_sequence p, lateral (select s.is_called::integer) called (yes) where p.seqrelid = ?::regclass",
                quoted);
        if (row == null) {
            throw new MigrationException("sequence " + quoted + " is gone");
        }
        return new State(
                Long.parseLong(String.valueOf(row[0])),
                Long.parseLong(String.valueOf(row[1])),
                Long.parseLong(String.valueOf(row[2])),
                Long.parseLong(String.valueOf(row[3])));
    }

    @Override
    public void advance(Connection connection, long next) throws SQLException {
        locked(connection, state -> state.next() < next ? " restart with " + next : null);
    }

    @Override
    public boolean alternates() {
        return true;
    }

    @Override
    public void alternate(Connection connection, long from, int remainder) throws SQLException {
        locked(
                connection,
                state -> " increment by 2 restart with " + Issuer.firstFrom(Math.max(from, state.next()), remainder));
    }

    private interface Change {
        @Nullable String from(State state);
    }

    /** An ALTER that changes nothing takes the lock under which the state is read. */
    private void locked(Connection connection, Change change) throws SQLException {
        OwnTransaction.run(connection, inTransaction -> {
            Issuer.execute(inTransaction, "set local lock_timeout = '250ms'");
            Issuer.execute(
                    inTransaction,
                    "alter sequence " + quoted + " increment by "
                            + read(inTransaction).increment());
            String how = change.from(read(inTransaction));
            if (how != null) {
                Issuer.execute(inTransaction, "alter sequence " + quoted + how);
            }
            return true;
        });
    }
}
