package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short run without one of the things that it needs, and nothing is killed. */
class BrokenRoomsIT {
    @TempDir
    Path directory;

    /** Nobody sees what a foreign key takes along, nor what is written past the routers. */
    @Test
    void withoutOwingTriggers_theSidesDiffer() throws Exception {
        RoomReport report = ClusterRun.rooms(brokenBy(Lacking.TRIGGER).withLength(Duration.ofSeconds(5), 1), directory);
        assertThat(report.verdict().unequal()).isNotEmpty();
        assertThat(report.isClean()).isFalse();
    }

    @Test
    void withoutAWayToMakeWay_exchangedLabelsAreParked() throws Exception {
        RoomReport report =
                ClusterRun.rooms(brokenBy(Lacking.MAKE_WAY).withLength(Duration.ofSeconds(5), 1), directory);
        assertThat(report.ran().parkings()).isPositive();
        assertThat(report.isClean()).isFalse();
    }

    /** What the authoritative side has counted and dated, the shadow counts and dates anew. */
    @Test
    void triggersThatDoNotRegardCopies_makeOtherValues() throws Exception {
        RoomReport report =
                ClusterRun.rooms(brokenBy(Lacking.COPY_MARK).withLength(Duration.ofSeconds(5), 1), directory);
        assertThat(report.verdict().unequal()).isNotEmpty();
        assertThat(report.isClean()).isFalse();
    }

    private static Options brokenBy(Lacking lacking) {
        return RoomsIT.SHORT.without(lacking).withKills(false);
    }
}
