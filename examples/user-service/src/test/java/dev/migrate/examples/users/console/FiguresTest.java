package dev.migrate.examples.users.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.check.CheckReport;
import dev.migrate.examples.users.console.Figures.Count;
import dev.migrate.examples.users.console.Figures.Timing;
import dev.migrate.examples.users.load.Latency;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class FiguresTest {

    private static Figures some(long rollbacks, Duration target) {
        Latency latency = new Latency();
        latency.add(target);
        return new Figures().add(Count.ROLLBACKS, rollbacks).add(Timing.TARGET, latency);
    }

    @Test
    void decode_ofEncode_isTheSame() {
        Figures figures = some(3, Duration.ofMillis(7));

        Figures decoded = Figures.decode(figures.encode());

        assertThat(decoded.encode()).isEqualTo(figures.encode());
        assertThat(decoded.count(Count.ROLLBACKS)).isEqualTo(3);
        assertThat(decoded.timing(Timing.TARGET).count()).isEqualTo(1);
    }

    @Test
    void add_sumsTheFiguresOfTwoProcesses() {
        Figures sum = some(1, Duration.ofMillis(1)).add(some(2, Duration.ofMillis(100)));

        assertThat(sum.count(Count.ROLLBACKS)).isEqualTo(3);
        assertThat(sum.timing(Timing.TARGET).count()).isEqualTo(2);
        assertThat(sum.timing(Timing.TARGET).quantile(1)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void theTable_hasEveryPromisedFigure() {
        CheckReport check = new CheckReport(10, 4_321, 5, List.of(), Duration.ZERO);

        assertThat(FiguresTable.of(some(2, Duration.ofMillis(3)), check, Duration.ofMillis(40)))
                .extracting(row -> row.name().strip())
                .contains(
                        "writes acknowledged",
                        "lost",
                        "repaired",
                        "reads",
                        "mismatches",
                        "fallbacks",
                        "rollbacks",
                        "legacy p50 / p99",
                        "target p50 / p99",
                        "longest write pause");
        assertThat(FiguresTable.of(some(2, Duration.ofMillis(3)), check, Duration.ofMillis(40)))
                .contains(new Console.Row("writes acknowledged", "4,321"), new Console.Row("rollbacks", "2"));
    }
}
