package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** MySQL's dialect on MariaDB, beyond the contracts. */
class MySqlWordsIT {
    private static final BookId ID = new BookId("notes", "records", Side.LEGACY);
    private final TestDatabase database = new MySqlWordsServer().fresh();
    private final JoiningDataSource notes = new JoiningDataSource(database.dataSource());

    private record Note(long id, String text) {}

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private static long asked(Connection connection, String query) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Whoever was cut off between a statement and the note of its version finds the column there. */
    @Test
    void schema_isCompletedWhereItWasCutOff() throws Exception {
        JdbcSchema.create(notes);
        database.execute("delete from migrate_schema_version where version > 2");
        JdbcSchema.create(notes);
        JdbcSchema.validate(notes);
    }

    @Test
    void schemaOfAnEarlierVersion_isBroughtUp() throws Exception {
        for (int version = 1; version <= 2; version++) {
            for (String statement : JdbcSchema.statements(JdbcSchema.scriptOf("mysql", version))) {
                database.execute(statement);
            }
        }
        assertThatThrownBy(() -> JdbcSchema.validate(notes)).hasMessageContaining("upgradeScript(\"mysql\", 2)");
        for (String statement : JdbcSchema.statements(JdbcSchema.upgradeScript("mysql", 2))) {
            database.execute(statement);
        }
        JdbcSchema.validate(notes);
    }

    @Test
    void sessionThatLocksRoles_waitsAsLongAsBeforeAfterwards() throws Exception {
        JdbcSchema.create(notes);
        try (Connection connection = database.dataSource().getConnection();
                Connection writer = database.dataSource().getConnection()) {
            RoleAssignment assignment = new RoleAssignment(ID, notes, new MySqlDialect(), JdbcSideBooks.LOCK_PATIENCE);
            assignment.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
            String timeout = "select @@session.innodb_lock_wait_timeout";
            long before = asked(connection, timeout);
            assertThat(before).isGreaterThan(1);
            writer.setAutoCommit(false);
            admit(writer);
            connection.setAutoCommit(false);
            assertThatThrownBy(() -> new MySqlDialect().lockRoles(connection, ID, SegmentRange.ALL))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failure ->
                                    assertThat(SqlFailure.isContention(failure)).isTrue());
            connection.rollback();
            assertThat(asked(connection, timeout)).isEqualTo(before);
            connection.rollback();
            writer.rollback();
        }
    }

    /** A number that was drawn by a transaction which went back is not drawn again, and no row is left behind. */
    @Test
    void versions_riseAcrossRollbacks_andLeaveNoRow() throws Exception {
        JdbcSchema.create(notes);
        new RoleAssignment(ID, notes, new MySqlDialect(), JdbcSideBooks.LOCK_PATIENCE)
                .assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        try (Connection connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            long first = admit(connection);
            connection.rollback();
            long second = admit(connection);
            connection.commit();
            assertThat(second).isGreaterThan(first);
            assertThat(asked(connection, "select count(*) from migrate_seq")).isZero();
            connection.rollback();
        }
    }

    private static long admit(Connection connection) throws SQLException {
        LocalDateTime now = LocalDateTime.of(2026, 11, 27, 6, 15);
        return new MySqlDialect()
                .admit(connection, ID, new SideBooks.Key("k", 0), now, now, false)
                .orElseThrow()
                .sequence();
    }

    @Test
    void whatIsNotThereForIt_isRefusedByName() throws Exception {
        database.execute("create table note (id bigint auto_increment primary key)");
        JdbcSequence ids = JdbcSequence.behind(database.dataSource(), "note", "id");
        assertThatThrownBy(ids::state)
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("MySQL", "information_schema_stats_expiry", "ALTER TABLE");
    }

    @Test
    void booksAndStore_areNamedAsUntested() {
        Logger logger = (Logger) LoggerFactory.getLogger(Untested.class);
        Level before = logger.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        try {
            records(notes, "note").books("notes", "records", Side.LEGACY);
            new JdbcMigrationStore(notes).createSchema();
            new JdbcMigrationStore(notes).books("notes", "records", Side.TARGET);
        } finally {
            logger.detachAppender(log);
            logger.setLevel(before);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anySatisfy(line -> assertThat(line).contains("JdbcSideBooks", "'mysql'", "untested"))
                .anySatisfy(line -> assertThat(line).contains("the store", "'mysql'", "untested"));
    }

    private static JdbcRecords<Long, Note> records(JoiningDataSource database, String table) {
        return JdbcRecords.of(
                database,
                (connection, id) -> find(connection, table, id),
                (connection, note) -> save(connection, table, note),
                (connection, id) -> {});
    }

    private static Optional<Note> find(Connection connection, String table, Long id) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select text from " + table + " where id = ?")) {
            select.setLong(1, id);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(new Note(id, rows.getString(1))) : Optional.empty();
            }
        }
    }

    private static Note save(Connection connection, String table, Note note) throws SQLException {
        try (PreparedStatement save = connection.prepareStatement(
                "insert into " + table + " (id, text) values (?, ?) on duplicate key update text = ?")) {
            save.setLong(1, note.id());
            save.setString(2, note.text());
            save.setString(3, note.text());
            save.executeUpdate();
        }
        return note;
    }

    /** Both sides in one database: a column with a default is copied, and one that is computed is not. */
    @Test
    void table_movesToAnother() throws Exception {
        String columns = " (id bigint primary key, text varchar(100) default 'none', size int as (char_length(text)),"
                + " made datetime(6) default current_timestamp(6))";
        database.execute(
                "create table note" + columns,
                "create table memo" + columns,
                "insert into note (id, text) select seq, concat('n', seq) from seq_1_to_25");
        try (Migration moving = Migration.named("notes")
                        .store(new JdbcMigrationStore(notes))
                        .build();
                DualWriteRouter<Long, Note> router = DualWriteRouter.of(moving)
                        .legacy(records(notes, "note"))
                        .target(records(notes, "memo"))
                        .key(Note::id)
                        .build()) {
            moving.moveTo(Stage.DUAL_WRITE, "test");
            JdbcTable from = JdbcTable.of(notes, "note");
            JdbcTable to = JdbcTable.of(notes, "memo");
            assertThat(from.dialect().product()).isEqualTo("mysql");
            assertThat(from.shape().column("size").isComputed()).isTrue();
            assertThat(from.shape().column("made").isComputed()).isFalse();
            assertThat(Backfill.of(moving)
                            .legacy(from)
                            .target(to)
                            .chunkRows(10)
                            .build()
                            .run()
                            .rowsCopied())
                    .isEqualTo(25);
            router.write(new Note(7, "changed"));
            assertThat(Reconciliation.of(moving)
                            .legacy(from)
                            .target(to)
                            .build()
                            .run()
                            .isClean())
                    .isTrue();
        }
    }
}
