package dev.migrate.test;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.FENCED;
import static dev.migrate.side.Role.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.side.SideBooks.SegmentRole;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the books of every side must do with roles and transactions; a part of {@link SideBooksContract}. */
abstract class SideRolesContract {
    static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    static final Duration LEASE = Duration.ofSeconds(30);
    static final int SEGMENT = 7;
    final ManualTime time = new ManualTime(BEGIN);
    SideBooks books;

    /**
     * Books of one side without any role, debt or ledger, which date debts by the given time.
     *
     * <p>Called once for each test, and cleaned up by the extending class.
     */
    protected abstract SideBooks emptyBooks(InstantSource time) throws Exception;

    @BeforeEach
    final void openBooks() throws Exception {
        books = emptyBooks(time);
    }

    final void assign(Role role, long epoch) {
        assertThat(books.assign(SegmentRange.ALL, role, true, epoch)).isTrue();
    }

    final Version owe(String key) throws Exception {
        return books.inTransaction(() -> books.admit(key, SEGMENT, true));
    }

    final Acceptance accept(String key, Version version, boolean deleted) throws Exception {
        return books.inTransaction(() -> books.accept(key, SEGMENT, version, deleted));
    }

    final List<Owed> claim(String worker) {
        return books.claim(worker, 100, time.instant(), LEASE);
    }

    @Test
    final void freshBooks_areEmpty() {
        assertThat(books.roles()).isEmpty();
        assertThat(books.debt()).isEqualTo(Debt.NONE);
        assertThat(claim("w")).isEmpty();
        assertThat(books.parked(10)).isEmpty();
        assertThat(books.owed("k")).isEmpty();
        assertThat(books.isInTransaction()).isFalse();
    }

    @Test
    final void assign_givesEverySegmentOfTheRangeTheRole() {
        assign(AUTHORITY, 1);
        assertThat(books.assign(new SegmentRange(10, 20), FENCED, false, 2)).isTrue();
        assertThat(books.roles())
                .containsExactlyElementsOf(IntStream.range(0, 1_000)
                        .mapToObj(segment -> segment >= 10 && segment < 20
                                ? new SegmentRole(segment, FENCED, false, 2)
                                : new SegmentRole(segment, AUTHORITY, true, 1))
                        .toList());
    }

    @Test
    final void isReadable_unlessTheSegmentIsTheShadows_orWasNeverAssigned() {
        assertThat(books.isReadable(10)).isFalse();
        assign(AUTHORITY, 1);
        books.assign(new SegmentRange(10, 11), FENCED, true, 2);
        books.assign(new SegmentRange(11, 12), SHADOW, true, 2);
        assertThat(books.isReadable(9)).isTrue();
        assertThat(books.isReadable(10)).isTrue();
        assertThat(books.isReadable(11)).isFalse();
        assertThat(books.isReadable(12)).isTrue();
    }

    @Test
    final void assign_reachesNoFurtherThanItsRange() {
        books.assign(new SegmentRange(10, 20), AUTHORITY, true, 1);
        assertThat(books.isReadable(9)).isFalse();
        assertThat(books.isReadable(10)).isTrue();
        assertThat(books.isReadable(19)).isTrue();
        assertThat(books.isReadable(20)).isFalse();
    }

    @Test
    final void assign_whereOneSegmentHasThatEpochOrALater_changesNothing() {
        assign(AUTHORITY, 3);
        books.assign(new SegmentRange(999, 1_000), FENCED, true, 5);
        List<SegmentRole> before = books.roles();
        for (long epoch : new long[] {1, 3, 4, 5}) {
            assertThat(books.assign(SegmentRange.ALL, SHADOW, true, epoch)).isFalse();
            assertThat(books.roles()).isEqualTo(before);
        }
        assign(SHADOW, 6);
    }

    @Test
    final void assign_ofARangeOfWhichAPartWasNeverAssigned_assignsAll() {
        books.assign(new SegmentRange(100, 200), SHADOW, true, 1);
        assign(AUTHORITY, 2);
        assertThat(books.roles()).hasSize(1_000).allMatch(role -> role.role() == AUTHORITY && role.epoch() == 2);
    }

    @Test
    final void admit_whereTheSideIsTheAuthority_owesTheKeyUnderTheEpochOfTheRole() throws Exception {
        assign(AUTHORITY, 4);
        Version version = owe("k");
        assertThat(version.epoch()).isEqualTo(4);
        assertThat(books.owed("k")).contains(version);
        assertThat(claim("w")).containsExactly(new Owed("k", SEGMENT, version, BEGIN, 0, null, false));
    }

    @Test
    final void admitAtCommit_owesEachKeyOfTheTransaction_onceItHasCommitted() throws Exception {
        assign(AUTHORITY, 4);
        AtomicBoolean isCommitted = new AtomicBoolean();
        books.inTransaction(() -> {
            books.afterCommit(() -> isCommitted.set(true));
            books.admitAtCommit("k", SEGMENT, true, refusal -> refusal);
            books.admitAtCommit("other", SEGMENT + 1, true, refusal -> refusal);
            return true;
        });
        assertThat(isCommitted).isTrue();
        assertThat(books.owed("k").orElseThrow().epoch()).isEqualTo(4);
        assertThat(claim("w"))
                .extracting(Owed::key, Owed::segment, Owed::since)
                .containsExactlyInAnyOrder(tuple("k", SEGMENT, BEGIN), tuple("other", SEGMENT + 1, BEGIN));
        books.inTransaction(() -> {
            books.admitAtCommit("k", SEGMENT, true, refusal -> refusal);
            return true;
        });
        assertThat(books.debt().keys()).isEqualTo(2);
    }

    @Test
    final void admitAtCommit_whereItIsRefused_commitsNothing_andThrowsWhatItWasToldTo() throws Exception {
        assign(AUTHORITY, 4);
        assertThat(books.assign(new SegmentRange(SEGMENT, SEGMENT + 1), SHADOW, true, 5))
                .isTrue();
        List<String> committed = new ArrayList<>();
        for (boolean owe : new boolean[] {true, false}) {
            IllegalStateException told = new IllegalStateException();
            assertThatThrownBy(() -> books.inTransaction(() -> {
                        books.owe(List.of(new SideBooks.Key("other", SEGMENT + 1)), BEGIN);
                        books.afterCommit(() -> committed.add("k"));
                        books.admitAtCommit("k", SEGMENT, owe, refusal -> told);
                        return true;
                    }))
                    .isSameAs(told);
        }
        assertThat(committed).isEmpty();
        assertThat(books.debt()).isEqualTo(Debt.NONE);
        assertThat(books.isInTransaction()).isFalse();
    }

    @Test
    final void admitAtCommit_ofATransactionThatFails_owesNothing() throws Exception {
        assign(AUTHORITY, 4);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.admitAtCommit("k", SEGMENT, true, refusal -> refusal);
                    throw new IOException("after");
                }))
                .isInstanceOf(IOException.class);
        assertThat(books.debt()).isEqualTo(Debt.NONE);
        assertThatThrownBy(() -> books.admitAtCommit("k", SEGMENT, true, refusal -> refusal))
                .isInstanceOf(MigrationException.class);
    }

    @Test
    final void admitAtCommit_inWhatIsOnlyJoined_isPartOfTheWholeTransaction() throws Exception {
        assign(AUTHORITY, 4);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.inTransaction(() -> {
                        books.admitAtCommit("k", SEGMENT, true, refusal -> refusal);
                        return true;
                    });
                    books.admit("later", SEGMENT, true);
                    throw new IOException("after");
                }))
                .isInstanceOf(IOException.class);
        assertThat(books.debt()).isEqualTo(Debt.NONE);
    }

    @Test
    final void admit_whereTheSideIsNotTheAuthority_isRefused() throws Exception {
        refused(true);
        assign(SHADOW, 4);
        refused(true);
        refused(false);
        assign(FENCED, 5);
        refused(true);
        refused(false);
        assign(AUTHORITY, 9);
        assertThat(owe("k").epoch()).isEqualTo(9);
    }

    private void refused(boolean owe) {
        assertThatThrownBy(() -> books.inTransaction(() -> books.admit("k", SEGMENT, owe)))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining(Integer.toString(SEGMENT));
        assertThat(books.debt().isNone()).isTrue();
    }

    /** What is admitted or accepted holds with what the transaction writes besides. */
    @Test
    final void admitAndAccept_outsideOfATransaction_areRefusedAndChangeNothing() {
        assign(AUTHORITY, 1);
        assertThatThrownBy(() -> books.admit("k", SEGMENT, true))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("inTransaction(..)");
        assertThat(books.debt().isNone()).isTrue();
        assign(SHADOW, 2);
        assertThatThrownBy(() -> books.accept("k", SEGMENT, new Version(1, 1), false))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("inTransaction(..)");
        assertThat(books.heldAmong(List.of("k"))).isEmpty();
    }

    @Test
    final void admit_byAWriterThatDoesNotKnowOfTheJournal_isRefusedWhereThereIsOne() throws Exception {
        books.assign(SegmentRange.ALL, AUTHORITY, false, 1);
        assertThat(books.<Version>inTransaction(() -> books.admit("k", SEGMENT, false)))
                .isEqualTo(Version.NONE);
        assertThat(books.debt().isNone()).isTrue();
        assign(AUTHORITY, 2);
        refused(false);
    }

    @Test
    final void admit_byAWriterThatOwesAlready_isAdmittedWhereThereIsNoJournalYet() throws Exception {
        books.assign(SegmentRange.ALL, AUTHORITY, false, 1);
        assertThat(books.owed("k")).isEmpty();
        assertThat(owe("k")).isEqualTo(books.owed("k").orElseThrow());
    }

    @Test
    final void refusal_thatTheCallerCatches_stillDoomsTheTransaction() throws Exception {
        books.assign(new SegmentRange(0, 5), AUTHORITY, true, 1);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.admit("admitted", 1, true);
                    assertThatThrownBy(() -> books.admit("refused", SEGMENT, true))
                            .isInstanceOf(RefusedWriteException.class);
                    return "committed?";
                }))
                .isInstanceOf(RefusedWriteException.class);
        assertThat(books.debt().isNone()).isTrue();
    }

    @Test
    final void rollback_leavesNothing_andRunsNoActionAfterCommit() throws Exception {
        assign(AUTHORITY, 1);
        List<String> ran = new ArrayList<>();
        Error thrown = new AssertionError("mine");
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    books.admit("k", SEGMENT, true);
                    books.afterCommit(() -> ran.add("after a rollback"));
                    throw thrown;
                }))
                .isSameAs(thrown);
        assertThat(books.debt().isNone()).isTrue();
        assertThat(ran).isEmpty();
        assertThat(books.isInTransaction()).isFalse();
    }

    @Test
    final void afterCommit_runsOnceTheOutermostTransactionHasCommitted_andAtOnceOutsideOfOne() throws Exception {
        assign(AUTHORITY, 1);
        List<String> ran = new ArrayList<>();
        books.inTransaction(() -> {
            books.inTransaction(() -> {
                books.admit("k", SEGMENT, true);
                books.afterCommit(() -> ran.add("in transaction: " + books.isInTransaction()));
                return true;
            });
            assertThat(books.isInTransaction()).isTrue();
            assertThat(ran).isEmpty();
            return true;
        });
        assertThat(ran).containsExactly("in transaction: false");
        books.afterCommit(() -> ran.add("at once"));
        assertThat(ran).hasSize(2);
    }
}
