package dev.migrate.verify.cluster.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short run; {@code migrate-verify/cluster/run backfill} is the long one. */
class BackfillKillsIT {
    private static final Options SHORT =
            Options.standard().of(40_000, 1_920, 200).killed(2);

    @TempDir
    Path directory;

    /** The table is larger than the nodes' heap. */
    @Test
    void noChunkIsLostOrAppliedTwice_whenBothNodesAreKilled() throws Exception {
        KillReport report = BackfillKills.run(SHORT, directory);
        String shown = String.join("\n", report.lines());
        assertThat(report.kills()).as(shown).isEqualTo(2);
        assertThat(report.killed()).as(shown).isEqualTo(3);
        assertThat(report.tableBytes()).as(shown).isGreaterThan((long) Options.HEAP << 20);
        assertThat(report.verdict().writtenMeanwhile()).as(shown).isPositive();
        assertThat(report.repeatedPerKill()).as(shown).isLessThan(2);
        assertThat(report.verdict().isExact()).as(shown).isTrue();
        assertThat(report.isClean()).as(shown).isTrue();
    }

    /** As a chunk is copied where the note of it is kept in another database than its rows. */
    @Test
    void chunkThatIsNotedApartFromItsRows_isSeenToBeAppliedTwice() throws Exception {
        KillReport report = BackfillKills.run(SHORT.of(24_000, 32, 3_000).broken(Variant.NOTED_LAST), directory);
        String shown = String.join("\n", report.lines());
        assertThat(report.verdict().appliedTwice()).as(shown).isPositive();
        assertThat(report.verdict().apart()).as(shown).isPositive();
        assertThat(report.isClean()).as(shown).isFalse();
    }
}
