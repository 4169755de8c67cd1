package dev.migrate.examples.users.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Kind;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Receipt.Seen;
import dev.migrate.examples.users.receipts.Receipt.Settled;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UserHistoryTest {

    private static final String FACET = "user";
    private final UserHistory history = new UserHistory(Effects.GONE.and(FACET, "seed"));
    private long line;
    private int version;

    private long begin(String digest) {
        return begin(Effects.of(FACET, digest));
    }

    private long begin(Effects effects) {
        history.add(new Intent(++line, Instant.EPOCH, 1, ++version, Kind.UPDATE, effects));
        return line;
    }

    private void end(long intent, Outcome outcome) {
        history.add(new Settled(++line, Instant.EPOCH, 1, intent, outcome));
    }

    private void write(String digest, Outcome outcome) {
        end(begin(digest), outcome);
    }

    private void see(long since, String digest) {
        history.add(new Seen(++line, Instant.EPOCH, 1, since, Effects.of(FACET, digest)));
    }

    @Test
    void beforeAnyWrite_theSeedIsThere() {
        assertThat(history.possible(FACET)).containsExactly("seed");
        assertThat(history.possible("profile")).containsExactly(Effects.ABSENT);
    }

    @Test
    void anAcknowledgedWrite_supersedesWhatEndedBeforeItBegan() {
        write("a", Outcome.ACKNOWLEDGED);
        write("b", Outcome.ACKNOWLEDGED);

        assertThat(history.possible(FACET)).containsExactly("b");
    }

    @Test
    void writesThatOverlap_mayHaveHappenedInEitherOrder() {
        long a = begin("a");
        long b = begin("b");
        end(b, Outcome.ACKNOWLEDGED);
        end(a, Outcome.ACKNOWLEDGED);

        assertThat(history.possible(FACET)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aWriteOfUnknownOutcome_mayHaveHappenedOrNot_untilTheNextIsAcknowledged() {
        write("a", Outcome.ACKNOWLEDGED);
        write("b", Outcome.UNKNOWN);
        assertThat(history.possible(FACET)).containsExactlyInAnyOrder("a", "b");

        write("c", Outcome.ACKNOWLEDGED);

        assertThat(history.possible(FACET)).containsExactly("c");
    }

    @Test
    void aRejectedWrite_hasNotHappened() {
        write("a", Outcome.REJECTED);

        assertThat(history.possible(FACET)).containsExactly("seed");
    }

    @Test
    void aWriteThatWasOpenWhenTheApplicationWasKilled_mayHaveHappened() {
        begin("a");

        assertThat(history.killed(++line)).isEqualTo(1);

        assertThat(history.possible(FACET)).containsExactlyInAnyOrder("seed", "a");
        write("b", Outcome.ACKNOWLEDGED);
        assertThat(history.possible(FACET)).containsExactly("b");
    }

    @Test
    void whatAReadSaw_settlesWhatWasUnknown() {
        write("a", Outcome.UNKNOWN);
        see(line, "a");
        assertThat(history.possible(FACET)).containsExactly("a");

        write("b", Outcome.UNKNOWN);
        see(line, "a");
        assertThat(history.possible(FACET)).containsExactly("a");
    }

    @Test
    void whatAReadSaw_saysNothingOfAWriteThatOverlappedIt() {
        long since = line;
        long a = begin("a");
        see(since, "seed");
        end(a, Outcome.ACKNOWLEDGED);

        assertThat(history.possible(FACET)).contains("a");
    }

    @Test
    void aDeletion_leavesNothingOfAnyFacet() {
        end(begin(Effects.of("profile", "p")), Outcome.ACKNOWLEDGED);
        end(begin(Effects.GONE), Outcome.ACKNOWLEDGED);

        assertThat(history.isGone()).isTrue();
        assertThat(history.possible("profile")).containsExactly(Effects.ABSENT);
    }

    @Test
    void facets_doNotSupersedeEachOther() {
        end(begin(Effects.of("profile", "p")), Outcome.ACKNOWLEDGED);

        assertThat(history.possible(FACET)).containsExactly("seed");
    }

    @Test
    void aRead_mustNotBeOlderThanWhatWasAcknowledgedBeforeItBegan() {
        write("a", Outcome.ACKNOWLEDGED);
        long since = line;
        write("b", Outcome.ACKNOWLEDGED);

        assertThat(history.allows(FACET, "seed", since)).isFalse();
        assertThat(history.allows(FACET, "a", since)).isTrue();
        assertThat(history.allows(FACET, "b", since)).isTrue();
        assertThat(history.allows(FACET, "a", line)).isFalse();
    }

    @Test
    void versions_tellWhatWasFoundAndWhatWasPromised() {
        write("a", Outcome.ACKNOWLEDGED);
        write("b", Outcome.ACKNOWLEDGED);
        write("c", Outcome.UNKNOWN);

        assertThat(history.acknowledgedVersion(FACET)).isEqualTo(2);
        assertThat(history.versionOf(FACET, "a")).hasValue(1);
        assertThat(history.versionOf(FACET, "seed")).hasValue(0);
        assertThat(history.versionOf(FACET, "nobody's")).isEmpty();
    }
}
