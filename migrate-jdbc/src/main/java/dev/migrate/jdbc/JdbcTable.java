package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.side.SideBooks;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Chunks;
import dev.migrate.table.Column;
import dev.migrate.table.Fields;
import dev.migrate.table.Horizon;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.Row;
import dev.migrate.table.RowTrial;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A table as one side of a backfill or a reconciliation.
 *
 * <p>Columns and key are read from the database when first needed. Immutable and thread-safe: every option gives another table. It
 * uses the pool that it is given, or one of its own for bulk work ({@link #bulk}), which {@link #close} closes.
 *
 * <pre>{@code
 * JdbcTable users = JdbcTable.of(legacyDb, "users");
 * JdbcTable accounts = JdbcTable.of(targetDb, "accounts").bulk(unpooledTargetDb, 2);
 * }</pre>
 */
public final class JdbcTable implements TableSide, AutoCloseable {
    private final TableOptions options;
    private final TableConnections connections;
    private volatile @Nullable OpenedTable opened;
    private boolean hasChunks;

    private JdbcTable(TableOptions options) {
        this.options = options;
        this.connections = new TableConnections(options);
    }

    /**
     * A table.
     *
     * @param dataSource any pool; the one that the routers of the same side use
     * @param table its name, alone or behind its schema's and a dot
     */
    public static JdbcTable of(DataSource dataSource, String table) {
        return of(dataSource instanceof JoiningDataSource joining ? joining : new JoiningDataSource(dataSource), table);
    }

    /** A table in a database whose transactions a framework manages. */
    public static JdbcTable of(TransactionBinding binding, String table) {
        return new JdbcTable(TableOptions.of(binding, table));
    }

    /** A table in a database whose transactions this data source makes. */
    public static JdbcTable of(JoiningDataSource dataSource, String table) {
        return of((TransactionBinding) dataSource, table);
    }

    /** The name of this kind of records within the migration, as it was given to the router. Default: {@link Records#DEFAULT_NAME}. */
    public JdbcTable records(String name) {
        return new JdbcTable(options.withRecords(name));
    }

    /** The columns of the key, unique together and never NULL. Default: the primary key. */
    public JdbcTable key(String... columns) {
        return new JdbcTable(options.withKey(List.of(columns)));
    }

    /**
     * The types of the router's key, one for each of the key's columns: {@code Long}, {@code Integer}, {@code UUID} or {@code
     * String}. Default: {@code Long} for every whole number, {@code UUID} for a UUID, {@code String} for anything else; a key of
     * several columns is the list of them. A column of text may stand for a number or a UUID where each text is written as Java
     * writes that, or, where the column takes small letters for capitals, in capitals; another is refused when it is read.
     */
    public JdbcTable keyAs(Class<?>... types) {
        for (Class<?> type : types) {
            if (!List.of(Long.class, Integer.class, java.util.UUID.class, String.class)
                    .contains(type)) {
                throw new MigrationException("keyAs of table '" + options.table()
                        + "' must name Long, Integer, UUID or String, but named " + type.getName());
            }
        }
        return new JdbcTable(options.withKeyTypes(List.of(types)));
    }

    /**
     * What of the router's key decides its bucket; the same function that the router was given. Default: all of it. Where it is one of
     * the key's columns, {@link #partitionBy} says so to the database, too.
     */
    public JdbcTable partition(UnaryOperator<Object> partition) {
        return new JdbcTable(options.withPartition(Partition.by(partition)));
    }

    /**
     * The column of the key whose value decides the bucket, as the function does that the router was given. Default: all columns of the
     * key.
     *
     * @param column one of the key's; another is refused when the table is first used
     */
    public JdbcTable partitionBy(String column) {
        return new JdbcTable(options.withPartition(Partition.by(column)));
    }

    /**
     * Gives bulk work a pool of its own, so that it cannot starve the application's; it is made when first needed, and closed by
     * {@link #close}.
     *
     * @param unpooled gives a new connection to the same database at each call
     * @param connections how many at most: 1 to 100; a backfill and a preflight need 1 of each side, a reconciliation 2
     */
    public JdbcTable bulk(DataSource unpooled, int connections) {
        if (connections < 1 || connections > 100) {
            throw new MigrationException("connections must be between 1 and 100, but was " + connections);
        }
        return new JdbcTable(options.withBulk(unpooled, connections));
    }

    /** What to do about the library's tables. Default: {@link SchemaMode#CREATE}. */
    public JdbcTable schema(SchemaMode mode) {
        return new JdbcTable(options.withSchema(mode));
    }

    /** The time by which debts are dated. Default: the system's. */
    public JdbcTable time(InstantSource source) {
        return new JdbcTable(options.withTime(source));
    }

    /**
     * Keeps the books of this side in another database than the table's: in that of the migration's {@link JdbcMigrationStore}, where a
     * router keeps those of a side that it was given as plain {@link Records}. Such a table can be legacy of a backfill and of a
     * reconciliation; it is not backfilled into, and no row of it is repaired, because neither would commit with its books. Default: beside
     * its rows.
     *
     * @param store the data source that the store was given
     */
    public JdbcTable booksIn(DataSource store) {
        return new JdbcTable(
                options.withBooks(store instanceof JoiningDataSource joining ? joining : new JoiningDataSource(store)));
    }

    @Override
    public String name() {
        return options.table();
    }

    @Override
    public String records() {
        return options.records();
    }

    @Override
    public Shape shape() {
        return opened().found().shape();
    }

    @Override
    public Shape currentShape() throws SQLException {
        try (Connection connection = options.binding().newConnection()) {
            return TableReading.read(connection, options.table(), options.key()).shape();
        }
    }

    @Override
    public List<Class<?>> keyTypes() {
        return opened().keys().types();
    }

    @Override
    public Object partition(TableKey key) {
        return options.partition().of(opened().keys().routed(key.values()), shape());
    }

    @Override
    public SideBooks books(String migration, Side side) {
        BookId id = new BookId(migration, options.records(), side);
        TransactionBinding apart = options.books();
        TransactionBinding binding = apart == null ? options.binding() : apart;
        try (Connection connection = binding.newConnection()) {
            return new JdbcSideBooks(id, binding, JdbcSchema.ensure(connection, options.schema()), options.time());
        } catch (SQLException failure) {
            throw SqlFailure.of("open the books of " + id, failure);
        }
    }

    @Override
    public boolean ordersLike(TableSide other) {
        List<Column> mine = shape().key();
        List<Column> others = other.shape().key();
        for (int at = 0; at < mine.size(); at++) {
            Column.Kind kind = mine.get(at).kind();
            boolean isAlike = kind == others.get(at).kind()
                    && (kind.isOrderedAlike()
                            || (other instanceof JdbcTable table && found().ordersLike(table.found(), kind)));
            if (!isAlike) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Optional<RangeSignatures> signatures(TableSide target, BoundMapping mapping) throws Exception {
        return target instanceof JdbcTable other ? PostgresSignatures.of(this, other, mapping) : Optional.empty();
    }

    @Override
    public Optional<TableKey> last() throws Exception {
        return reading(connection -> rows().last(connection));
    }

    @Override
    public long about() throws Exception {
        return reading(connection -> rows().about(connection));
    }

    @Override
    public long count(KeyRange range) throws Exception {
        return reading(connection -> rows().count(connection, range));
    }

    @Override
    public Optional<TableKey> boundary(KeyRange range, int nth) throws Exception {
        return reading(connection -> rows().boundary(connection, range, nth));
    }

    @Override
    public void scan(KeyRange range, Sink<Row> sink) throws Exception {
        reading(connection -> {
            rows().scan(connection, range, sink);
            return true;
        });
    }

    @Override
    public void scanKeys(KeyRange range, Sink<TableKey> sink) throws Exception {
        reading(connection -> {
            rows().scanKeys(connection, range, sink);
            return true;
        });
    }

    @Override
    public Map<String, Row> find(Collection<TableKey> keys) throws Exception {
        return reading(connection -> rows().find(connection, keys));
    }

    @Override
    public String formatCursor(TableKey key) {
        return opened().keys().format(key);
    }

    @Override
    public TableKey parseCursor(String text) {
        return opened().keys().parse(text);
    }

    @Override
    public Chunks chunks(String migration, long generation) {
        return storedChunks(migration, generation);
    }

    private synchronized JdbcChunks storedChunks(String migration, long generation) {
        requireOwnBooks("be backfilled into");
        if (!hasChunks) {
            try (Connection connection = options.binding().newConnection()) {
                JdbcSchema.ensure(connection, options.schema());
                hasChunks = true;
            } catch (SQLException failure) {
                throw SqlFailure.of("make sure of the tables of the backfill into '" + name() + "'", failure);
            }
        }
        return new JdbcChunks(options.binding(), migration, options.records(), generation);
    }

    @Override
    public ChunkCopy.Result copy(ChunkCopy copy) throws Exception {
        JdbcChunks chunks = storedChunks(copy.migration(), copy.generation());
        return new ChunkCopier(this, copy, chunks).run();
    }

    /** A row that is written must commit with what the books say of it. */
    private void requireOwnBooks(String what) {
        dialect().requireWritable(name());
        if (options.books() != null) {
            throw new MigrationException(
                    "table '" + name() + "' has its books in another database, by booksIn(..), and cannot " + what
                            + ", because its rows would not commit with them; leave booksIn(..) out, or have the router write it");
        }
    }

    @Override
    public RowTrial trial(RowTrial.Plan plan, RowTrial.Findings findings) throws SQLException {
        dialect().requireWritable(name());
        return JdbcTrial.open(this, plan, findings);
    }

    @Override
    public Optional<Row> lock(TableKey key) throws Exception {
        requireOwnBooks("be locked");
        return connections.locking(connection -> rows().lock(connection, key));
    }

    @Override
    public void insert(TableKey key, Fields fields) throws Exception {
        writing(connection -> {
            rows().insert(connection, fields);
            return true;
        });
    }

    @Override
    public void put(TableKey key, Fields fields) throws Exception {
        writing(connection -> {
            rows().put(connection, key, fields);
            return true;
        });
    }

    @Override
    public void remove(TableKey key) throws Exception {
        writing(connection -> {
            rows().remove(connection, key);
            return true;
        });
    }

    @Override
    public List<String> foreignKeysTo(TableSide parent) throws Exception {
        return parent instanceof JdbcTable table
                ? reading(connection -> ImportedKeys.between(connection, found(), table.found()))
                : List.of();
    }

    @Override
    public TableKey keyOf(String canonical) {
        return opened().keys().keyOf(canonical);
    }

    @Override
    public Horizon horizon() throws Exception {
        return reading(dialect()::horizon);
    }

    @Override
    public void scanSince(Column column, Object since, Sink<TableKey> sink) throws Exception {
        reading(connection -> {
            TableChanges.scanSince(connection, rows().sql(), opened().keys(), dialect(), column, since, sink);
            return true;
        });
    }

    @Override
    public void advanceGeneratedKeys() throws Exception {
        reading(connection -> {
            GeneratedKeys.advance(connection, opened().found());
            return true;
        });
    }

    TableDialect dialect() {
        return opened().found().dialect();
    }

    TableOptions options() {
        return options;
    }

    TableReading.Found found() {
        return opened().found();
    }

    TableRows rows() {
        return opened().rows();
    }

    /** A connection for bulk work; whoever takes it closes it. */
    Connection bulkConnection() throws SQLException {
        return connections.bulk();
    }

    private OpenedTable opened() {
        OpenedTable known = opened;
        return known != null ? known : open();
    }

    private synchronized OpenedTable open() {
        OpenedTable known = opened;
        if (known == null) {
            known = OpenedTable.open(options);
            opened = known;
        }
        return known;
    }

    private <T> T writing(TableWork<T> work) throws Exception {
        requireOwnBooks("be written");
        return connections.writing(work);
    }

    <T> T reading(TableWork<T> work) throws Exception {
        return connections.reading(work);
    }

    /** Closes the pool of its own, where there is one. */
    @Override
    public void close() {
        connections.close();
    }

    @Override
    public String toString() {
        return "JdbcTable[" + options.table() + "]";
    }
}
