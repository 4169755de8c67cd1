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
}
