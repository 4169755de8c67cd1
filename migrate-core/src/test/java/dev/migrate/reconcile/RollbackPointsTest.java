package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.reconcile.RollbackReport.Verdict;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may become of a rollback point itself; what it shows of tables is in {@code RollbackPointsIT}. */
class RollbackPointsTest {
    private static final int PARTS = 1_500;
    private final InMemoryMigrationStore store = new InMemoryMigrationStore();
    private final Migration migration =
            Migration.named("notes").store(store).operator(() -> "ada").build();
    private final MapTable legacy = MapTable.of(20);
    private final MapTable target = MapTable.of(20);

    @AfterEach
    void close() {
        migration.close();
    }

    private RollbackPoints.Builder points() {
        return RollbackPoints.of(migration)
                .legacy(legacy)
                .target(target)
                .looks(1, Duration.ZERO)
                .parts(PARTS);
    }

    @Test
    void aPointThatWasTakenWhileTheMigrationWasMoved_isRefused() {
        RollbackPoints points = points().schema(() -> {
                    migration.moveTo(Stage.DUAL_WRITE, "meanwhile");
                    return "fingerprint";
                })
                .build();
        assertThatThrownBy(() -> points.take("p", "test"))
                .isInstanceOf(MigrationException.class)
                .hasMessage("migration 'notes' was moved while rollback point 'p' was taken; take it again");
        assertThat(points.list()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a/b", "1234567890123456789012345678901234567890123456789012345678901"})
    void namesThatCannotBe_areRefused(String name) {
        assertThatThrownBy(() -> points().build().take(name, "test"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must be 1 to 60 characters without a slash, but was '" + name + "'");
    }

    @Test
    void theLongestName_isGood() throws Exception {
        assertThat(points().build().take("n".repeat(60), "test").rows()).isEqualTo(20);
    }

    @Test
    void aPointOfALaterVersion_isRefused_andNoneOfOtherRecordsIsRead() throws Exception {
        RollbackPoints points = points().build();
        points.take("p", "test");
        store.change(Setting.Kind.ROLLBACK_POINT, "notes/others/q", 0, "not one of ours", "ada", "test");
        assertThat(points.list()).extracting(RollbackPoint::name).containsExactly("p");
        store.change(
                Setting.Kind.ROLLBACK_POINT, "notes/default/r", 0, CanonicalKeys.encode(List.of("2")), "ada", "test");
        assertThatThrownBy(() -> points.check("r"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("rollback point 'r' is of format 2")
                .hasMessageContaining("check it with the version that took it");
    }

    /** Nobody owed what was written right after it. */
    @Test
    void aChangeSinceAPointOfLegacyOnly_isNotCalledOneFromPastTheLibrary() throws Exception {
        RollbackPoints points = points().build();
        points.take("p", "test");
        legacy.rows.put(5L, "written");
        target.rows.put(5L, "written");
        migration.moveTo(Stage.DUAL_WRITE, "test");
        RollbackReport report = points.check("p");
        assertThat(report.verdict()).isEqualTo(Verdict.NOT_PROVABLE);
        assertThat(report.reasons()).singleElement().asString().contains("legacy was written without a journal");
    }

    /** Legacy has lost a write that its ledger, or the journal, tells of further on than one page. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesBeyondTheFirstPageOfTheBooks_areLookedAtToo(boolean isOwed) throws Exception {
        migration.moveTo(Stage.DUAL_WRITE, "test");
        RollbackPoints points = points().build();
        points.take("p", "test");
        SideBooks books = target.books("notes", Side.TARGET);
        books.assign(SegmentRange.ALL, isOwed ? Role.AUTHORITY : Role.SHADOW, true, 1);
        for (long id = 1; id <= 1_000; id++) {
            note(books, MapTable.key(id).canonical(), isOwed);
        }
        long last = lastWithAPartOfItsOwn();
        legacy.rows.put(last, "before");
        target.rows.put(last, "after");
        RollbackReport unknown = points.check("p");
        assertThat(unknown.keys()).as("known only by its digest").hasSize(1);
        points.take("q", "test");
        assertThat(points.check("q").keys()).as("as it was, and not asked").isEmpty();
        note(books, MapTable.key(last).canonical(), isOwed);
        RollbackReport report = points.check("q");
        assertThat(report.keys().size() + report.reasons().size())
                .as(report.toString())
                .isPositive();
    }

    private static void note(SideBooks books, String key, boolean isOwed) throws Exception {
        if (isOwed) {
            books.owe(List.of(new SideBooks.Key(key, 0)), Instant.EPOCH);
        } else {
            books.inTransaction(() -> books.accept(key, 0, new Version(1, 1), false));
        }
    }

    /** A key that comes last in the order of texts, and whose part has none of those before. */
    private long lastWithAPartOfItsOwn() throws Exception {
        PartDigests digests = PartDigests.read(legacy, PARTS);
        Set<Integer> taken = new HashSet<>();
        LongStream.rangeClosed(1, 1_000).forEach(id -> taken.add(digests.partOf(MapTable.key(id))));
        return LongStream.rangeClosed(9_990, 9_999)
                .filter(id -> !taken.contains(digests.partOf(MapTable.key(id))))
                .findFirst()
                .orElseThrow();
    }
}
