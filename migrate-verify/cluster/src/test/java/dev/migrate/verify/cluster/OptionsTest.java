package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void aWorkloadBringsItsNumberOfKeys_unlessSomebodyHasSaidHowMany() {
        assertThat(Options.parse().workload()).isEqualTo(Workload.ITEMS);
        assertThat(Options.parse("--workload", "constraints").keys()).isEqualTo(Workload.CONSTRAINTS.keys);
        assertThat(Options.parse("--keys", "7", "--workload", "constraints").keys())
                .isEqualTo(7);
    }

    @Test
    void whatIsNoOption_isRefusedByName() {
        assertThatThrownBy(() -> Options.parse("--workload", "chess"))
                .hasMessage("--workload must be one of items," + " constraints, but was chess");
        assertThatThrownBy(() -> Options.parse("--without", "make_way"))
                .hasMessageContaining("--without must be one of nothing, journal, trigger, make-way, copy-mark");
        assertThatThrownBy(() -> Options.parse("--keys", "0")).hasMessage("--keys must be at least 1, but was 0");
        assertThatThrownBy(() -> Options.parse("--kys", "1")).hasMessageContaining("--kys is no option");
        assertThatThrownBy(() -> Options.parse("--seconds")).hasMessageContaining("lacks its value");
    }

    @Test
    void aBrokenVariantOfTheOtherWorkload_isRefused() {
        assertThatThrownBy(() -> Options.parse("--without", "trigger"))
                .hasMessage("--without trigger is no variant of --workload items");
        assertThatThrownBy(() -> Options.parse("--without", "journal", "--workload", "constraints"))
                .hasMessage("--without journal is no variant of --workload constraints");
        assertThat(Options.parse("--without", "trigger", "--workload", "constraints")
                        .lacking())
                .isEqualTo(Lacking.TRIGGER);
    }
}
