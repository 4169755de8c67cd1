package dev.migrate.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who waits for whom: a transaction holds the roles that it was admitted by, and its keys, to its end. */
class InMemorySideBooksTest {
    private static final SegmentRange SEGMENT = new SegmentRange(7, 8);
    private static final int IN_SEGMENT = 7;
    private final InMemorySideBooks books = new InMemorySideBooks(InstantSource.system());

    private interface Part {
        void of(InMemorySideBooks books) throws Exception;
    }

    /** Does something in a transaction, which goes on until another thread that does something else is seen to wait. */
    private void waits(Part inTransaction, Callable<?> other) throws Exception {
        FutureTask<Object> task = new FutureTask<>(other::call);
        Thread thread = new Thread(task, "waiting");
        books.inTransaction(() -> {
            inTransaction.of(books);
            thread.start();
            await().until(() -> thread.getState() == Thread.State.WAITING || task.isDone());
            assertThat(task.isDone()).as("it waits for the transaction's end").isFalse();
            return true;
        });
        task.get(10, TimeUnit.SECONDS);
    }

    private boolean fence() {
        return books.assign(SEGMENT, Role.FENCED, true, 2);
    }

    @Test
    void fence_waitsForAWriteThatWasAdmitted_copiedOrNot() throws Exception {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        waits(one -> one.admit("k", IN_SEGMENT, true), this::fence);
        InMemorySideBooksTest another = new InMemorySideBooksTest();
        another.books.assign(SegmentRange.ALL, Role.AUTHORITY, false, 1);
        another.waits(one -> one.admit("k", IN_SEGMENT, false), another::fence);
    }

    @Test
    void fence_waitsForACopyThatWasAccepted() throws Exception {
        books.assign(SegmentRange.ALL, Role.SHADOW, true, 1);
        waits(one -> one.accept("k", IN_SEGMENT, new Version(1, 1), false), this::fence);
    }

    @Test
    void fence_waitsForKeysThatATransactionOwes() throws Exception {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        waits(one -> one.owe(List.of(new SideBooks.Key("k", IN_SEGMENT)), Instant.EPOCH), this::fence);
    }

    /** So that the later of two has the later version, and the one that is in the journal in the end. */
    @Test
    void write_waitsForAnotherOfItsKey() throws Exception {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        waits(
                one -> one.admit("k", IN_SEGMENT, true),
                () -> books.<Version>inTransaction(() -> books.admit("k", IN_SEGMENT, true)));
        assertThat(books.owed("k").orElseThrow().sequence()).isEqualTo(2);
    }

    @Test
    void write_waitsForATransactionThatOwesItsKey() throws Exception {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        waits(
                one -> one.owe(List.of(new SideBooks.Key("k", IN_SEGMENT)), Instant.EPOCH),
                () -> books.<Version>inTransaction(() -> books.admit("k", IN_SEGMENT, true)));
    }

    @Test
    void keysOwedOutsideOfATransaction_waitForAWriteOfOneOfThem() throws Exception {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        waits(one -> one.admit("k", IN_SEGMENT, true), () -> {
            books.owe(List.of(new SideBooks.Key("k", IN_SEGMENT)), Instant.EPOCH);
            return true;
        });
        assertThat(books.owed("k").orElseThrow().sequence()).isEqualTo(2);
    }

    /** Otherwise a delete would not see the row that the other is about to insert, and it would come back. */
    @Test
    void copy_waitsForAnotherOfItsKey_andIsOvertakenByALaterOne() throws Exception {
        books.assign(SegmentRange.ALL, Role.SHADOW, true, 1);
        waits(
                one -> one.accept("k", IN_SEGMENT, new Version(1, 5), true),
                () -> books.<Object>inTransaction(() -> {
                    assertThat(books.accept("k", IN_SEGMENT, new Version(1, 4), false))
                            .isEqualTo(SideBooks.Acceptance.OVERTAKEN);
                    return true;
                }));
    }

    /** One lock of a transaction is given back as often as it was taken: whoever comes next does not wait for ever. */
    @Test
    void transactionThatHasEnded_holdsNobodyUp() throws Exception {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        books.inTransaction(() -> {
            books.admit("k", IN_SEGMENT, true);
            books.admit("k", IN_SEGMENT, true);
            return true;
        });
        CountDownLatch done = new CountDownLatch(1);
        Thread another = new Thread(() -> {
            assertThat(fence()).isTrue();
            books.owe(List.of(new SideBooks.Key("k", IN_SEGMENT)), Instant.EPOCH);
            done.countDown();
        });
        another.start();
        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        another.join(Duration.ofSeconds(10).toMillis());
    }

    @Test
    void refusal_saysWhetherTheWriterDoesNotKnowOfTheJournal() {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        assertThatThrownBy(() -> books.<Version>inTransaction(() -> books.admit("k", IN_SEGMENT, false)))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessage("the side is AUTHORITY for segment 7, and its writes are copied");
        books.assign(SegmentRange.ALL, Role.SHADOW, false, 2);
        assertThatThrownBy(() -> books.<Version>inTransaction(() -> books.admit("k", IN_SEGMENT, false)))
                .hasMessage("the side is SHADOW for segment 7");
    }

    @Test
    void intent_isToldWithoutItsKey() {
        books.assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        Intent begun = books.intents().begin(new SideBooks.Key("l:4711", IN_SEGMENT), Instant.EPOCH, "node");
        assertThat(begun)
                .asString()
                .contains("segment=7")
                .contains("owner=node")
                .doesNotContain("4711");
    }
}
