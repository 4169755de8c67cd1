package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.preflight.Preflight;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.table.Fields;
import dev.migrate.table.KeyRange;
import dev.migrate.table.TableKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Tables of products that are read and not written, on H2 in the mode of each: it has their words for rows and pages. It is no test of those products:
 * their types, their drivers and their locks are not there.
 */
class ReadProductsIT {
    private static final int ROWS = 25;

    enum Product {
        ORACLE(
                "Oracle",
                new NamedProduct(
                        "Oracle",
                        Map.of("NUMERIC", "NUMBER", "CHARACTER VARYING", "VARCHAR2", "TIMESTAMP", "DATE"),
                        Map.of()),
                "id number(10) primary key, text varchar2(100), made date, amount number(12, 2)",
                "oracle"),
        SQL_SERVER(
                "MSSQLServer",
                new NamedProduct(
                        "Microsoft SQL Server",
                        Map.of(
                                "BIGINT", "bigint identity",
                                "CHARACTER VARYING", "nvarchar",
                                "TIMESTAMP", "datetime2",
                                "NUMERIC", "money"),
                        Map.of("COUNT_BIG(*)", "COUNT(*)")), // the mode lacks it
                "id bigint primary key, text nvarchar(100), made datetime2, amount money",
                "sqlserver");

        private final String mode;
        private final NamedProduct named;
        private final String columns;
        private final String dialect;

        Product(String mode, NamedProduct named, String columns, String dialect) {
            this.mode = mode;
            this.named = named;
            this.columns = columns;
            this.dialect = dialect;
        }
    }

    private record Note(long id, String text) {}

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(Untested.class);

    private final Level before = logger.getLevel();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.WARN);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(before);
    }

    private static DataSource legacy(Product product) throws SQLException {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1;MODE=" + product.mode);
        TestDatabase.execute(
                database,
                "create table note (" + product.columns + ")",
                "insert into note (id, text, made, amount)"
                        + " select x, 'n' || x, timestamp '2026-11-27 06:15:00', x + 0.25 from system_range(1, " + ROWS
                        + ")");
        return product.named.around(database);
    }

    private static DataSource target() throws SQLException {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        TestDatabase.execute(
                database,
                "create table note (id bigint primary key, text varchar(100), made timestamp, amount numeric(12, 2))");
        return database;
    }

    private static Optional<Note> find(Connection connection, Long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select text from note where id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Note(id, rows.getString(1))) : Optional.empty();
            }
        }
    }

    private static Note save(Connection connection, Note note) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("update note set text = ? where id = ?")) {
            update.setString(1, note.text());
            update.setLong(2, note.id());
            update.executeUpdate();
        }
        return note;
    }

    private static Records<Long, Note> plain(DataSource database) {
        return Records.of(
                id -> {
                    try (Connection connection = database.getConnection()) {
                        return find(connection, id);
                    }
                },
                note -> {
                    try (Connection connection = database.getConnection()) {
                        return save(connection, note);
                    }
                },
                id -> {});
    }

    /** From a legacy that is written by plain functions, with its books in the store. */
    @ParameterizedTest
    @EnumSource
    void table_movesToAnother_withItsBooksInTheStore(Product product) throws Exception {
        DataSource legacy = legacy(product);
        DataSource target = target();
        try (Migration notes = Migration.named("notes")
                        .store(new JdbcMigrationStore(target))
                        .build();
                DualWriteRouter<Long, Note> router = DualWriteRouter.of(notes)
                        .legacy(plain(legacy))
                        .target(JdbcRecords.of(
                                target, ReadProductsIT::find, ReadProductsIT::save, (connection, id) -> {}))
                        .key(Note::id)
                        .build()) {
            notes.moveTo(Stage.DUAL_WRITE, "test");
            JdbcTable from = JdbcTable.of(legacy, "note").booksIn(target);
            JdbcTable to = JdbcTable.of(target, "note");
            assertThat(Preflight.of(notes).legacy(from).target(to).build().run().isClean())
                    .isTrue();
            assertThat(Backfill.of(notes)
                            .legacy(from)
                            .target(to)
                            .chunkRows(10)
                            .build()
                            .run()
                            .rowsCopied())
                    .isEqualTo(ROWS);
            router.write(new Note(7, "changed"));
            assertThat(Reconciliation.of(notes)
                            .legacy(from)
                            .target(to)
                            .build()
                            .run()
                            .isClean())
                    .isTrue();
            assertThat(router.read(7L)).contains(new Note(7, "changed"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void table_isReadByPages(Product product) throws Exception {
        try (JdbcTable table = JdbcTable.of(legacy(product), "note")) {
            assertThat(table.dialect().product()).isEqualTo(product.dialect);
            assertThat(table.keyTypes()).containsExactly(Long.class);
            assertThat(table.last().orElseThrow().values()).containsExactly(25L);
            assertThat(table.count(KeyRange.ALL)).isEqualTo(ROWS);
            TableKey tenth = table.boundary(KeyRange.ALL, 10).orElseThrow();
            assertThat(tenth.values()).containsExactly(10L);
            assertThat(table.find(List.of(tenth))).hasSize(1);
            assertThat(everyNth(table, 10)).containsExactly(10L, 20L);
            List<Object> after = new ArrayList<>();
            table.scanKeys(
                    new KeyRange(tenth, null), key -> after.add(key.values().get(0)));
            assertThat(after).hasSize(15).first().isEqualTo(11L);
        }
    }

    private static List<Object> everyNth(JdbcTable table, int nth) throws Exception {
        return table.reading(connection -> table.rows().everyNth(connection, KeyRange.ALL, nth)).stream()
                .map(key -> key.values().get(0))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void table_isNotWritten_andSaysSo(Product product) throws Exception {
        DataSource legacy = legacy(product);
        try (JdbcTable table = JdbcTable.of(legacy, "note")) {
            TableKey key = table.last().orElseThrow();
            Fields row = table.find(List.of(key)).get(key.canonical()).fields();
            assertThatThrownBy(() -> table.put(key, row))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("read and not written");
            assertThatThrownBy(() -> table.insert(key, row)).hasMessageContaining("read and not written");
            assertThatThrownBy(() -> table.remove(key)).hasMessageContaining("read and not written");
            assertThatThrownBy(() -> table.lock(key)).hasMessageContaining("read and not written");
            assertThatThrownBy(() -> table.chunks("notes", 1)).hasMessageContaining("read and not written");
            assertThatThrownBy(() -> table.books("notes", dev.migrate.Side.LEGACY))
                    .hasMessageContaining("PostgreSQL, MariaDB, MySQL or H2")
                    .hasMessageContaining("plain Records");
        }
    }

    /** Its rows would not commit with what the books say of them, whatever the product. */
    @Test
    void tableWithItsBooksElsewhere_isNotWritten() throws Exception {
        DataSource database = target();
        TestDatabase.execute(database, "insert into note (id, text) values (1, 'one')");
        try (JdbcTable table = JdbcTable.of(database, "note").booksIn(target())) {
            TableKey key = table.last().orElseThrow();
            Fields row = table.find(List.of(key)).get(key.canonical()).fields();
            assertThatThrownBy(() -> table.put(key, row))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("booksIn(..)");
            assertThatThrownBy(() -> table.chunks("notes", 1)).hasMessageContaining("be backfilled into");
            assertThatThrownBy(() -> table.lock(key)).hasMessageContaining("be locked");
        }
    }

    @ParameterizedTest
    @EnumSource
    void product_isNamedAsUntested_onceForATable(Product product) throws Exception {
        try (JdbcTable table = JdbcTable.of(legacy(product), "note")) {
            table.last();
            table.last();
            table.count(KeyRange.ALL);
        }
        assertThat(log.list)
                .singleElement()
                .satisfies(line -> assertThat(line.getFormattedMessage())
                        .contains("table 'note'", "untested", "vendor's documentation"));
    }
}
