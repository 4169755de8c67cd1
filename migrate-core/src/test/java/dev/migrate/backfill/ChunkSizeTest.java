package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkSizeTest {
    private static final Duration AIM = Duration.ofMillis(100);

    private static void took(ChunkSize size, int... millis) {
        IntStream.of(millis).forEach(each -> size.took(size.rows(), Duration.ofMillis(each)));
    }

    @Test
    void withoutAnAim_itStaysAsItWas() {
        ChunkSize size = new ChunkSize(7, null);
        took(size, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100_000);
        size.failed();
        assertThat(size.rows()).isEqualTo(7);
    }

    @Test
    void itIsTheNinthOfTenChunks_thatIsToTakeAsLongAsAskedFor() {
        ChunkSize size = new ChunkSize(1_000, AIM);
        took(size, 10, 10, 10, 10, 10, 10, 10, 10, 80);
        assertThat(size.rows()).isEqualTo(1_000);
        took(size, 400);
        assertThat(size.rows()).isEqualTo(1_250);
        took(size, 10, 10, 10, 10, 10, 10, 10, 10, 200, 200);
        assertThat(size.rows()).isEqualTo(625);
    }

    @Test
    void itGrowsByHalfAtMost() {
        ChunkSize size = new ChunkSize(1_000, AIM);
        took(size, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(size.rows()).isEqualTo(1_500);
    }

    @Test
    void oneChunkFarTooLong_cutsItToATenthAtOnce_andWhatWasMeasuredBeforeIsForgotten() {
        ChunkSize size = new ChunkSize(5_000, AIM);
        took(size, 1, 1, 1, 1, 1, 1, 1, 1, 1, 500);
        assertThat(size.rows()).isEqualTo(7_500);
        took(size, 1, 1, 1, 1, 1, 1, 1, 1, 501);
        assertThat(size.rows()).isEqualTo(750);
        took(size, 1);
        assertThat(size.rows()).isEqualTo(750);
    }

    @Test
    void itStaysBetween100And100000() {
        ChunkSize most = new ChunkSize(90_000, AIM);
        took(most, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
        assertThat(most.rows()).isEqualTo(100_000);
        ChunkSize fewest = new ChunkSize(150, AIM);
        took(fewest, 600);
        assertThat(fewest.rows()).isEqualTo(100);
        assertThat(new ChunkSize(1, AIM).rows()).isEqualTo(100);
    }

    @Test
    void failures_halveIt() {
        ChunkSize size = new ChunkSize(1_000, AIM);
        size.failed();
        assertThat(size.rows()).isEqualTo(500);
    }

    /** The last chunk of the table, and what was planned when the size was another. */
    @Test
    void chunksOfAnotherSize_tellNothing() {
        ChunkSize size = new ChunkSize(1_000, AIM);
        for (int times = 0; times < 20; times++) {
            size.took(500, Duration.ofMillis(1));
            size.took(1_001, Duration.ofMillis(1_000));
            size.took(0, Duration.ofMillis(1_000));
        }
        assertThat(size.rows()).isEqualTo(1_000);
    }
}
