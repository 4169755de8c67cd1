package dev.migrate.jdbc;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.internal.option.Bounds;
import dev.migrate.jdbc.RehearsalReport.Change;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Mapping;
import dev.migrate.table.Row;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether the shadow leaves copied rows alone: what the authoritative side has generated is copied as values, and must not be made
 * again.
 *
 * <p>Defaults, identities and {@code ON UPDATE} give way to a value that is written. A trigger need not. So some rows of the shadow are
 * written over, each with the values of the next, and inserted anew, every time in a transaction that is rolled back; a column that
 * then does not hold what was written is named, with the table's triggers. Sequences that triggers draw from move on, and each row is locked for
 * a moment.
 *
 * <p>A trigger can tell the library's copies: on PostgreSQL {@code current_setting('migrate.copying', true) = 'on'}, on
 * MariaDB and MySQL {@code @migrate_copying is not null}. Immutable and thread-safe; it owns nothing.
 *
 * <pre>{@code
 * RehearsalReport report = CopyRehearsal.of(orders).legacy(legacyTable).target(targetTable).build().run();
 * }</pre>
 */
public final class CopyRehearsal {
    private final Migration migration;
    private final JdbcTable legacy;
    private final JdbcTable target;
    private final Mapping mapping;
    private final int rows;

    private CopyRehearsal(Builder options, JdbcTable legacy, JdbcTable target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.mapping = options.mapping;
        this.rows = options.rows;
    }

    /** Begins to describe a rehearsal. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /** Rehearses copies to the side that is the shadow now. */
    public RehearsalReport run() throws Exception {
        return run(migration.current().stage().shadow());
    }

    /**
     * Rehearses copies to a side, whatever it is now.
     *
     * @throws MigrationException where the tables do not correspond
     * @throws Exception where a database fails, or refuses for another reason than a constraint
     */
    public RehearsalReport run(Side shadow) throws Exception {
        JdbcTable table = shadow == Side.LEGACY ? legacy : target;
        List<Column> copied = mapping.bind(legacy.shape(), target.shape()).columns(shadow);
        List<Row> sample = sample(table);
        return new Run(table, shadow, copied).over(sample);
    }

    private List<Row> sample(JdbcTable table) throws Exception {
        KeyRange all = new KeyRange(null, null);
        KeyRange first = new KeyRange(null, table.boundary(all, rows).orElse(null));
        List<Row> sample = new ArrayList<>();
        table.scan(first, sample::add);
        return sample;
    }

    /** A gate that is open where a rehearsal with the side that is the shadow then finds nothing changed. */
    public Gate clean() {
        return () -> {
            RehearsalReport report = run();
            return report.isClean() ? Optional.empty() : Optional.of(report.toString());
        };
    }

    /** One call of {@link #run}. */
    private static final class Run {
        private final JdbcTable table;
        private final Side shadow;
        private final List<Column> copied;
        private final Set<Column> onInsert = new HashSet<>();
        private final Set<Column> onUpdate = new HashSet<>();
        private long writes;
        private long refused;

        Run(JdbcTable table, Side shadow, List<Column> copied) {
            this.table = table;
            this.shadow = shadow;
            this.copied = copied;
        }

        RehearsalReport over(List<Row> sample) throws Exception {
            try (Connection connection = table.options().binding().newConnection()) {
                for (int at = 0; at < sample.size(); at++) {
                    Row row = sample.get(at);
                    Fields others = valuesOf(sample.get((at + 1) % sample.size()), row);
                    rehearse(connection, row, others, false, onUpdate);
                    rehearse(connection, row, valuesOf(row, row), true, onInsert);
                }
                return new RehearsalReport(
                        table.name(), shadow, writes, refused, changes(), ShadowTriggers.named(connection, table));
            }
        }

        /** The copied columns of a row, under the key of another. */
        private Fields valuesOf(Row from, Row key) {
            @Nullable Object[] values = new @Nullable Object[copied.size()];
            for (int at = 0; at < values.length; at++) {
                Column column = copied.get(at);
                values[at] = (table.shape().isKey(column) ? key : from).fields().get(column.name());
            }
            return new Fields(new Fields.Names(copied.stream().map(Column::name).toList()), values);
        }

        private void rehearse(Connection connection, Row row, Fields values, boolean anew, Set<Column> changed)
                throws Exception {
            writes++;
            OwnTransaction transaction = OwnTransaction.begin(
                    connection, Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
            try {
                changed.addAll(CopyMarks.during(connection, copying -> write(copying, row, values, anew)));
            } catch (SQLException failure) {
                if (!isConstraint(failure)) {
                    throw failure;
                }
                refused++;
            } finally {
                connection.rollback();
                transaction.restore();
            }
        }

        private List<Column> write(Connection connection, Row row, Fields values, boolean anew) throws SQLException {
            if (anew) {
                table.rows().remove(connection, row.key());
            }
            table.rows().put(connection, row.key(), values);
            Row held = table.rows()
                    .find(connection, List.of(row.key()))
                    .get(row.key().canonical());
            return copied.stream()
                    .filter(column -> held == null
                            || !Objects.deepEquals(
                                    values.get(column.name()), held.fields().get(column.name())))
                    .toList();
        }

        private static boolean isConstraint(SQLException failure) {
            return failure.getSQLState() != null && failure.getSQLState().startsWith("23");
        }

        private List<Change> changes() {
            return copied.stream()
                    .filter(column -> onInsert.contains(column) || onUpdate.contains(column))
                    .map(column -> new Change(column.name(), onInsert.contains(column), onUpdate.contains(column)))
                    .toList();
        }
    }

    /** Describes a rehearsal; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable JdbcTable legacy;
        private @Nullable JdbcTable target;
        private Mapping mapping = Mapping.byName();
        private int rows = 100;

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** The table of the legacy side; required. */
        public Builder legacy(JdbcTable legacy) {
            this.legacy = legacy;
            return this;
        }

        /** The table of the target side; required. */
        public Builder target(JdbcTable target) {
            this.target = target;
            return this;
        }

        /** How the columns correspond: only what is copied is looked at. Default: by their names. */
        public Builder mapping(Mapping mapping) {
            this.mapping = mapping;
            return this;
        }

        /** How many rows are written, the first in the order of their keys: 2 to 10,000. Default: 100. */
        public Builder rows(int rows) {
            this.rows = Bounds.between("rows", rows, 2, 10_000);
            return this;
        }

        /**
         * Makes the rehearsal; nothing is read yet.
         *
         * @throws MigrationException where a table is missing
         */
        public CopyRehearsal build() {
            return new CopyRehearsal(this, given("legacy", legacy), given("target", target));
        }

        private JdbcTable given(String side, @Nullable JdbcTable table) {
            if (table == null) {
                throw new MigrationException(side + " of the rehearsal in migration '" + migration.name()
                        + "' is missing; name the table with " + side + "(..)");
            }
            return table;
        }
    }
}
