package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.items.Content;
import dev.migrate.items.DirectoryItems;
import dev.migrate.items.Item;
import dev.migrate.items.ItemBackfill;
import dev.migrate.items.ItemContent;
import dev.migrate.items.ItemReconciliation;
import dev.migrate.items.ItemReconciliationReport;
import dev.migrate.items.ItemRecords;
import dev.migrate.items.Items;
import dev.migrate.items.Precondition;
import dev.migrate.items.TableItems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table's rows as items: to files, and from files into a table again. */
class TableItemsIT {
    private static final String COLUMNS =
            " (id BIGINT, part VARCHAR(20), name VARCHAR(50), price DECIMAL(12, 3), weight DOUBLE PRECISION,"
                    + " scan VARBINARY(100), is_open BOOLEAN, due DATE, at_time TIME(6), made TIMESTAMP(6), seen TIMESTAMP(6) WITH TIME ZONE, code UUID,"
                    + " tag CHAR(5), twice BIGINT GENERATED ALWAYS AS (id * 2), PRIMARY KEY (id, part))";

    @TempDir
    Path directory;

    private final JdbcConnectionPool database =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private final Items table = TableItems.of(JdbcTable.of(database, "goods"));
    private final Items copy = TableItems.of(JdbcTable.of(database, "copies"));

    @BeforeEach
    void create() throws Exception {
        TestDatabase.execute(
                database,
                "CREATE TABLE goods" + COLUMNS,
                "CREATE TABLE copies" + COLUMNS,
                "INSERT INTO goods (id, part, name, price, weight, scan, is_open, due, at_time, made, seen, code, tag) SELECT X, 'a''b/' || X,"
                        + " 'n\u00e4me, 7:' || X, X * 1.5, X / 3.0, CAST(X'00ff10' AS VARBINARY), MOD(X, 2) = 0, DATEADD(DAY, X, DATE '2026-01-01'),"
                        + " TIME '10:00:00.123456', TIMESTAMP '2026-01-01 10:00:00.000001', TIMESTAMP WITH TIME ZONE '2026-01-01 10:00:00+02:00',"
                        + " RANDOM_UUID(), 'x' FROM SYSTEM_RANGE(1, 25)",
                "INSERT INTO goods (id, part) VALUES (26, 'all else NULL')");
    }

    @AfterEach
    void dispose() {
        database.dispose();
    }

    private static List<Item> all(Items items, int limit) throws Exception {
        List<Item> all = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Items.Page page = items.page(cursor, limit);
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    @Test
    void rows_moveToFiles_andBackIntoATable() throws Exception {
        DirectoryItems files = DirectoryItems.of(directory);
        move("out", table, files);
        move("back", files, copy);
        assertThat(all(copy, 4)).hasSize(26).isEqualTo(all(table, 100));
    }

    private void move(String name, Items from, Items to) throws Exception {
        try (Migration migration = Migration.named(name)
                        .store(new JdbcMigrationStore(database))
                        .build();
                DualWriteRouter<String, ItemContent> router = DualWriteRouter.of(migration)
                        .legacy(ItemRecords.of(from))
                        .target(ItemRecords.of(to))
                        .key(ItemContent::key)
                        .build()) {
            migration.moveTo(Stage.DUAL_WRITE, "test");
            assertThat(ItemBackfill.of(migration)
                            .legacy(from)
                            .target(to)
                            .build()
                            .run()
                            .itemsCopied())
                    .isEqualTo(26);
            ItemReconciliationReport report = ItemReconciliation.of(migration)
                    .legacy(from)
                    .target(to)
                    .build()
                    .run();
            assertThat(report.isClean()).as(report.toString()).isTrue();
            assertThat(router.debt().isSettled()).isTrue();
        }
    }

    @Test
    void preconditions_areLookedAt() throws Exception {
        Item row = table.find(all(table, 1).get(0).key()).orElseThrow();
        byte[] bytes = table.open(row).readAllBytes();
        assertThat(copy.delete(row.key(), Precondition.none())).isFalse();
        Item written =
                copy.write(row.key(), Content.of(bytes), Precondition.absent()).orElseThrow();
        assertThat(written).isEqualTo(row);
        assertThat(copy.write(row.key(), Content.of(bytes), Precondition.absent()))
                .isEmpty();
        TestDatabase.execute(database, "UPDATE copies SET name = 'other'");
        assertThat(copy.delete(row.key(), Precondition.unchanged(written))).isFalse();
        assertThatThrownBy(() -> copy.open(written)).hasMessage("a row was written since it was looked at");
        assertThat(copy.delete(row.key(), Precondition.none())).isTrue();
        assertThat(all(copy, 10)).isEmpty();
        assertThatThrownBy(() -> copy.open(written)).hasMessage("a row is gone since it was looked at");
    }

    @Test
    void contentThatIsNoRow_orAnothers_isRefused() throws Exception {
        List<Item> rows = all(table, 10);
        byte[] second = table.open(rows.get(1)).readAllBytes();
        assertThatThrownBy(() -> copy.write(rows.get(0).key(), Content.of(second), Precondition.none()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("has another value of 'ID'");
        assertThatThrownBy(() -> copy.write(
                        rows.get(0).key(), Content.of("text".getBytes(StandardCharsets.UTF_8)), Precondition.none()))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must be a row that TableItems has read, but is none");
        assertThat(all(copy, 10)).isEmpty();
    }

    @Test
    void whatTheDatabaseStoresOtherwise_isTold() throws Exception {
        TestDatabase.execute(database, "ALTER TABLE copies ALTER COLUMN price DECIMAL(12, 0)");
        Item row = all(table, 1).get(0);
        byte[] bytes = table.open(row).readAllBytes();
        Item written =
                copy.write(row.key(), Content.of(bytes), Precondition.absent()).orElseThrow();
        assertThat(written.sha256()).isNotEqualTo(row.sha256());
    }

    @Test
    void theFilesOfRows_areListedByTheirKeys() throws Exception {
        DirectoryItems files = DirectoryItems.of(directory);
        Item row = all(table, 1).get(0);
        files.write(row.key(), Content.of(table.open(row).readAllBytes()), Precondition.absent());
        assertThat(Files.readString(directory.resolve(row.key()))).startsWith("c:27,7:s:row-1,");
        assertThat(files.find(row.key()).orElseThrow().size()).isEqualTo(row.size());
    }
}
