package dev.migrate.jdbc;

import dev.migrate.Migration;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill;
import dev.migrate.backfill.BackfillReport;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.reconcile.Reconciliation;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.h2.jdbcx.JdbcDataSource;

/** Moves a table between two databases of H2; for {@link WithoutDriversTest}, which loads it with H2's driver alone. */
public final class H2Move implements Callable<String> {
    private record Note(long id, String text) {}

    private static JoiningDataSource database(int rows) throws SQLException {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create table note (id bigint primary key, text varchar(100))");
            statement.execute("insert into note select x, 'n' || x from system_range(1, " + rows + ")");
        }
        return new JoiningDataSource(database);
    }

    private static JdbcRecords<Long, Note> notes(JoiningDataSource database) {
        return JdbcRecords.of(database, H2Move::find, H2Move::save, (connection, id) -> {});
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
        try (PreparedStatement merge = connection.prepareStatement("merge into note key (id) values (?, ?)")) {
            merge.setLong(1, note.id());
            merge.setString(2, note.text());
            merge.executeUpdate();
        }
        return note;
    }

    @Override
    public String call() throws Exception {
        JoiningDataSource legacy = database(25);
        JoiningDataSource target = database(0);
        try (Migration notes = Migration.named("notes")
                        .store(new JdbcMigrationStore(legacy))
                        .build();
                DualWriteRouter<Long, Note> router = DualWriteRouter.of(notes)
                        .legacy(notes(legacy))
                        .target(notes(target))
                        .key(Note::id)
                        .build()) {
            notes.moveTo(Stage.DUAL_WRITE, "test");
            JdbcTable from = JdbcTable.of(legacy, "note");
            JdbcTable to = JdbcTable.of(target, "note");
            BackfillReport copied =
                    Backfill.of(notes).legacy(from).target(to).build().run();
            boolean isClean = Reconciliation.of(notes)
                    .legacy(from)
                    .target(to)
                    .build()
                    .run()
                    .isClean();
            return copied.rowsCopied() + " copied, " + (isClean ? "clean" : "different")
                    + (router.debt().isNone() ? "" : ", owing");
        }
    }
}
