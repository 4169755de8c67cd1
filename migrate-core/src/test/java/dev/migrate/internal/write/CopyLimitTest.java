package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Version;
import org.junit.jupiter.api.Test;

class CopyLimitTest {
    private final CopyLimit limit = new CopyLimit();

    private boolean allows(long epoch) {
        return limit.allows(new Version(epoch, Long.MAX_VALUE));
    }

    @Test
    void nothingIsCopied_beforeItIsOpened_orOnceItIsClosed() {
        assertThat(limit.isOpen()).isFalse();
        assertThat(allows(0)).isFalse();
        limit.open(5);
        limit.close();
        assertThat(limit.isOpen()).isFalse();
        assertThat(allows(0)).isFalse();
    }

    @Test
    void whatIsOwedUnderALaterEpoch_thanThisNodeHasLearnedOf_isLeftAlone() {
        limit.open(5);
        assertThat(limit.isOpen()).isTrue();
        assertThat(allows(5)).isTrue();
        assertThat(allows(6)).isFalse();
        limit.open(6);
        assertThat(allows(6)).isTrue();
    }

    @Test
    void aStepOfThisNodesOwn_isDrainedUnderItsEpoch_andNoLonger() {
        limit.open(5);
        limit.beginOwnStep(7);
        assertThat(allows(7)).isTrue();
        assertThat(allows(8)).isFalse();
        limit.close();
        assertThat(allows(7))
                .as("a step of its own begins only where all is acknowledged")
                .isTrue();
        limit.endOwnStep();
        assertThat(allows(0)).isFalse();
        limit.open(5);
        assertThat(allows(7)).isFalse();
    }
}
