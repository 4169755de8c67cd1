package dev.migrate.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentRangeTest {
    @Test
    void range_hasItsFirstSegment_andNotItsEnd() {
        SegmentRange range = new SegmentRange(10, 20);
        assertThat(range.contains(9)).isFalse();
        assertThat(range.contains(10)).isTrue();
        assertThat(range.contains(19)).isTrue();
        assertThat(range.contains(20)).isFalse();
        assertThat(range.size()).isEqualTo(10);
        assertThat(SegmentRange.ALL.size()).isEqualTo(Position.SEGMENTS);
    }

    @Test
    void smallestRange_isOfOneSegment() {
        assertThat(new SegmentRange(0, 1).size()).isEqualTo(1);
        assertThat(new SegmentRange(999, 1_000).contains(999)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-1, 5", "0, 1001", "5, 5", "6, 5"})
    void boundsThatAreNone_areRefusedWithTheRuleAndTheValues(int from, int to) {
        assertThatThrownBy(() -> new SegmentRange(from, to))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("0 <= from < to <= 1000")
                .hasMessageContaining("from " + from + " to " + to);
    }
}
