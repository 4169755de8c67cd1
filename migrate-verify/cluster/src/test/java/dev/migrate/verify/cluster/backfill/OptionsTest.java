package dev.migrate.verify.cluster.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void whatIsSaid_isTaken_andReachesTheNodes() {
        Options options = Options.parse(
                "--rows",
                "9",
                "--length",
                "8",
                "--chunk",
                "7",
                "--kills",
                "0",
                "--rate",
                "5",
                "--seed",
                "-4",
                "--variant",
                "noted-first");
        assertThat(options).isEqualTo(new Options(9, 8, 7, 0, 5, -4, Variant.NOTED_FIRST));
        NodeSetup setup = new NodeSetup("node", true, "legacy", "target", options);
        assertThat(NodeSetup.of(setup.arguments().toArray(String[]::new))).isEqualTo(setup);
    }

    @Test
    void whatIsNoOption_isRefusedByName() {
        assertThatThrownBy(() -> Options.parse("--variant", "nothing"))
                .hasMessage("--variant must be one of whole, noted-first, noted-last, one-chunk, but was nothing");
        assertThatThrownBy(() -> Options.parse("--rows", "0")).hasMessage("--rows must be at least 1, but was 0");
        assertThatThrownBy(() -> Options.parse("--kills", "-1")).hasMessage("--kills must be at least 0, but was -1");
        assertThatThrownBy(() -> Options.parse("--kys", "1")).hasMessageContaining("--kys is no option");
        assertThatThrownBy(() -> Options.parse("--rows")).hasMessageContaining("lacks its value");
    }
}
