package dev.migrate.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ClaimTest {
    private final Figures figures = new Figures();

    private void time(String benchmark, double nanos) {
        figures.add(benchmark, new Measurement(List.of(List.of(nanos)), List.of(), List.of()));
    }

    private void bytes(String benchmark, double bytes) {
        figures.add(benchmark, new Measurement(List.of(List.of(1.0)), List.of(bytes), List.of()));
    }

    @Test
    void atMost_belowTheTarget_isOk() {
        time("isOn", 20);
        time("rawHash", 11);
        assertThat(Claim.atMost("flags.isOn/raw-hash", "isOn", Quantity.TIME, 2, Reference.benchmark("rawHash"))
                        .judge(figures))
                .isEqualToIgnoringNewLines("""
                        flags.isOn/raw-hash (ratio at most 2.00)
                        claim: ours=20.0ns reference=rawHash value=11.0ns ratio=1.82 target=2.00 OK""");
    }

    @Test
    void atMost_aboveTheTarget_isShort() {
        time("isOn", 23);
        time("rawHash", 11);
        assertThat(Claim.atMost("x", "isOn", Quantity.TIME, 2, Reference.benchmark("rawHash"))
                        .judge(figures))
                .endsWith("claim: ours=23.0ns reference=rawHash value=11.0ns ratio=2.09 target=2.00 SHORT");
    }

    @Test
    void fasterBy_turnsTheRatioRound() {
        time("isOn", 20);
        time("slow", 118);
        Claim claim = Claim.fasterBy("x", "isOn", 5, Reference.benchmark("slow"));
        assertThat(claim.judge(figures)).endsWith("ours=20.0ns reference=slow value=118ns ratio=5.90 target=5.00 OK");
        time("slow", 90);
        assertThat(claim.judge(figures))
                .endsWith("ours=20.0ns reference=slow value=90.0ns ratio=4.50 target=5.00 SHORT");
    }

    @Test
    void lowestOf_namesTheFastestPeer() {
        time("isOn", 20);
        time("one", 200);
        time("other", 150);
        assertThat(Claim.fasterBy("x", "isOn", 5, Reference.lowestOf("one", "other"))
                        .judge(figures))
                .contains("reference=other value=150ns");
    }

    @Test
    void benchmarkPlus_addsToTheReference() {
        time("read", 30);
        time("flag", 20);
        assertThat(Claim.atMost("x", "read", Quantity.TIME, 1, Reference.benchmarkPlus("flag", 15))
                        .judge(figures))
                .endsWith("ours=30.0ns reference=flag+15.0ns value=35.0ns ratio=0.86 target=1.00 OK");
    }

    @Test
    void noBytes_noiseOfTheProfilerIsNone_andOneByteIsShort() {
        Claim claim = Claim.atMost("x", "isOn", Quantity.BYTES, 1, Reference.limit(0));
        bytes("isOn", 0.003);
        assertThat(claim.judge(figures)).endsWith("ours=0B reference=limit value=0B ratio=0.00 target=1.00 OK");
        bytes("isOn", 16);
        bytes("isOn", 16);
        assertThat(claim.judge(figures)).endsWith("ours=16B reference=limit value=0B ratio=inf target=1.00 SHORT");
    }

    @Test
    void missingBenchmark_isSaid() {
        time("isOn", 20);
        Claim claim = Claim.atMost("x", "isOn", Quantity.TIME, 2, Reference.benchmark("rawHsh"));
        assertThatThrownBy(() -> claim.judge(figures))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'rawHsh' gave no TIME")
                .hasMessageContaining("isOn");
        assertThatThrownBy(() -> Claim.atMost("x", "isOn", Quantity.BYTES, 2, Reference.limit(1))
                        .judge(figures))
                .hasMessageContaining("'isOn' gave no BYTES");
    }

    @Test
    void time_isThatOfTheForkThatWasDisturbedLeast() {
        figures.add("isOn", new Measurement(List.of(List.of(90.0, 40.0, 50.0)), List.of(), List.of()));
        figures.add("isOn", new Measurement(List.of(List.of(20.0, 30.0, 100.0)), List.of(), List.of()));
        assertThat(figures.best("isOn", Quantity.TIME)).isEqualTo(30);
        assertThat(figures.table()).contains("45.0ns", "30.0ns..50.0ns");
    }
}
