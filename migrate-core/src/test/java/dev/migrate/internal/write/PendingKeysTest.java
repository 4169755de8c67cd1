package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PendingKeysTest {
    private final PendingKeys pending = new PendingKeys(false);

    @Test
    void keyThatIsNotOwedAnyMore_hasArrived() {
        pending.add("k");
        assertThat(pending.mayBePending("k")).isTrue();
        pending.nothingFound("k", pending.latestWrite("k"));
        assertThat(pending.mayBePending("k")).isFalse();
    }

    /** That it is not owed may mean that its transaction has not ended yet. */
    @Test
    void keyWhoseCommitIsNotSeen_isPendingUntilACopyOfItHasArrived() {
        pending.addUnseen("k");
        long write = pending.latestWrite("k");
        pending.nothingFound("k", write);
        assertThat(pending.mayBePending("k")).isTrue();
        pending.settled("k", write);
        assertThat(pending.mayBePending("k")).isFalse();
    }

    @Test
    void copyOfAnEarlierWrite_doesNotSettleALaterOne() {
        pending.add("k");
        long earlier = pending.latestWrite("k");
        pending.addUnseen("k");
        pending.settled("k", earlier);
        pending.nothingFound("k", earlier);
        assertThat(pending.mayBePending("k")).isTrue();
    }

    private void fill() {
        for (int i = 0; i < 100_000; i++) {
            pending.add("key " + i);
        }
    }

    @Test
    void keyBeyondTheLimit_makesEveryKeyPending_untilNothingIsOwed() {
        fill();
        assertThat(pending.mayBePending("another")).isFalse();
        pending.add("one too many");
        assertThat(pending.mayBePending("another")).isTrue();
        assertThat(pending.latestWrite("one too many")).as("not kept").isZero();
        pending.nothingOwed(pending.forgottenSoFar());
        assertThat(pending.mayBePending("another")).isFalse();
    }

    @Test
    void unseenWriteBeyondTheLimit_isForgottenLikeAnyOther() {
        fill();
        long before = pending.forgottenSoFar();
        pending.addUnseen("one too many");
        assertThat(pending.mayBePending("another")).isTrue();
        pending.nothingOwed(before);
        assertThat(pending.mayBePending("another"))
                .as("forgotten since the worker began to look")
                .isTrue();
        pending.nothingOwed(pending.forgottenSoFar());
        assertThat(pending.mayBePending("one too many")).isFalse();
    }

    /** What was forgotten after the worker began to look may still be on its way. */
    @Test
    void keyForgottenWhileTheWorkerLooked_leavesItUnsure() {
        fill();
        pending.add("one too many");
        long before = pending.forgottenSoFar();
        pending.add("another one");
        pending.nothingOwed(before);
        assertThat(pending.mayBePending("whatever")).isTrue();
    }

    @Test
    void nodeThatBegins_isUnsureUntilNothingIsOwed() {
        PendingKeys begun = new PendingKeys(true);
        assertThat(begun.mayBePending("k")).isTrue();
        begun.nothingOwed(begun.forgottenSoFar());
        assertThat(begun.mayBePending("k")).isFalse();
    }
}
