package dev.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PercentTest {
    @Test
    void readsBackWhatItWrites() {
        for (double percent : new double[] {0, 0.0001, 2.5, 10, 99.9999, 100}) {
            assertThat(Percent.parse(Percent.percent(percent).toString())).isEqualTo(Percent.percent(percent));
        }
        assertThat(Percent.percent(10)).hasToString("10 %").isGreaterThan(Percent.percent(9.9999));
        assertThat(Percent.percent(12.5).fraction()).isEqualTo(0.125);
    }

    @Test
    void whatIsNoPercentageIsRefused() {
        assertThatThrownBy(() -> Percent.percent(100.0001)).hasMessageContaining("between 0 and 100, but was 100.0001");
        assertThatThrownBy(() -> new Percent(-1)).hasMessageContaining("between 0 and 1000000, but were -1");
        assertThatThrownBy(() -> Percent.parse("10")).hasMessageContaining("must read like 2.5 %, but was '10'");
        assertThatThrownBy(() -> Percent.parse("101 %")).isInstanceOf(MigrationException.class);
    }
}
