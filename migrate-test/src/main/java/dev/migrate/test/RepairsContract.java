package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.side.RepairedRow;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What the books of every side must keep of repairs, so that they can be undone; the test of an implementation extends it, as it extends
 * {@link SideBooksContract}.
 */
public abstract class RepairsContract {
    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00.123456Z");
    private static final RepairedRow.Image BEFORE = new RepairedRow.Image(new byte[] {0, -1, 127, -128, 10});
    private static final RepairedRow.Image AFTER = new RepairedRow.Image(new byte[] {1});
    private SideBooks books;

    /** Creates the contract. */
    protected RepairsContract() {}

    /**
     * Books of one side without any role, debt, ledger or repair.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract SideBooks emptyBooks(InstantSource time) throws Exception;

    @BeforeEach
    final void openBooks() throws Exception {
        books = emptyBooks(new ManualTime(BEGIN));
    }

    private static RepairedRow row(String run, int line, Instant at) {
        return row(run, line, at, BEFORE);
    }

    private static RepairedRow row(String run, int line, Instant at, RepairedRow.@Nullable Image before) {
        return new RepairedRow(
                run, line, "l:" + line, "c:1,1:" + line, at, "ada", "INC-7, \u00e9", null, before, AFTER, null);
    }

    private void keep(RepairedRow row) throws Exception {
        books.inTransaction(() -> {
            books.repairs().add(row);
            return true;
        });
    }

    private boolean undo(String run, int line, String by) throws Exception {
        return books.inTransaction(() -> books.repairs().undone(run, line, by));
    }

    @Test
    final void rowsOfARun_areReadInTheirOrder_pageByPage_asTheyWereKept() throws Exception {
        RepairedRow inserted = row("r1", 2, BEGIN, null);
        RepairedRow deleted = new RepairedRow("r1", 10, "s:k", "c", BEGIN, "ada", "why", "r0", BEFORE, null, null);
        keep(deleted);
        keep(row("r2", 1, BEGIN));
        keep(inserted);
        assertThat(books.repairs().rows("r1", 0, 10)).containsExactly(inserted, deleted);
        assertThat(books.repairs().rows("r1", 0, 1)).containsExactly(inserted);
        assertThat(books.repairs().rows("r1", 2, 10)).containsExactly(deleted);
        assertThat(books.repairs().rows("r1", 10, 10)).isEmpty();
        assertThat(books.repairs().rows("other", 0, 10)).isEmpty();
    }

    @Test
    final void whatIsRolledBack_isNotKept_andNotUndone() throws Exception {
        keep(row("r1", 1, BEGIN));
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.repairs().add(row("r1", 2, BEGIN));
                    assertThat(books.repairs().undone("r1", 1, "r2")).isTrue();
                    throw new IllegalStateException("rolled back");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(books.repairs().rows("r1", 0, 10)).containsExactly(row("r1", 1, BEGIN));
        assertThat(undo("r1", 1, "r3")).isTrue();
        assertThat(books.repairs().rows("r1", 0, 10))
                .containsExactly(row("r1", 1, BEGIN).undone("r3"));
    }

    @Test
    final void outsideOfATransaction_nothingIsKept() {
        assertThatThrownBy(() -> books.repairs().add(row("r1", 1, BEGIN)))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("inTransaction");
        assertThatThrownBy(() -> books.repairs().undone("r1", 1, "r2"))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("inTransaction");
        assertThat(books.repairs().latest(10)).isEmpty();
    }

    @Test
    final void rowIsUndoneOnce_whoeverElseTries() throws Exception {
        keep(row("r1", 1, BEGIN));
        keep(row("r1", 2, BEGIN));
        assertThat(undo("r1", 1, "r2")).isTrue();
        assertThat(undo("r1", 1, "r3")).isFalse();
        assertThat(undo("r1", 7, "r3")).isFalse();
        assertThat(undo("unknown", 1, "r3")).isFalse();
        assertThat(books.repairs().rows("r1", 0, 10))
                .extracting(RepairedRow::undoneBy)
                .containsExactly("r2", null);
    }

    @Test
    final void twoWhoUndoARowAtOnce_haveOneWinner() throws Exception {
        keep(row("r1", 1, BEGIN));
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<Boolean> second = new CompletableFuture<>();
        ExecutorService others = Executors.newSingleThreadExecutor();
        try {
            Future<?> other = others.submit(() -> {
                first.await();
                second.complete(undo("r1", 1, "r3"));
                return true;
            });
            assertThat(books.<Boolean>inTransaction(() -> {
                        boolean won = books.repairs().undone("r1", 1, "r2");
                        first.countDown();
                        return won;
                    }))
                    .isTrue();
            other.get(60, TimeUnit.SECONDS);
            assertThat(second.get()).isFalse();
        } finally {
            others.shutdown();
        }
    }

    @Test
    final void latest_areNewestFirst_andOldOnesAreForgotten() throws Exception {
        keep(row("r1", 1, BEGIN));
        keep(row("r1", 2, BEGIN));
        keep(row("r2", 1, BEGIN.plusSeconds(1)));
        assertThat(books.repairs().latest(2)).containsExactly(row("r2", 1, BEGIN.plusSeconds(1)), row("r1", 2, BEGIN));
        assertThat(books.repairs().forget(BEGIN)).isZero();
        assertThat(books.repairs().forget(BEGIN.plusSeconds(1))).isEqualTo(2);
        assertThat(books.repairs().latest(10)).containsExactly(row("r2", 1, BEGIN.plusSeconds(1)));
    }
}
