package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.examples.users.fault.Fault;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {

    @Test
    void nothing_isTheDefault() {
        assertThat(Options.parse(List.of())).isEqualTo(Options.DEFAULT);
    }

    @Test
    void everyOption_isTaken() {
        Options options = Options.parse(List.of(
                "--rows",
                "500",
                "--rate",
                "50",
                "--clients",
                "3",
                "--seed",
                "9",
                "--fault",
                "crash",
                "--fault-at",
                "50",
                "--hold",
                "2"));

        assertThat(options).isEqualTo(new Options(500, 50, 3, 9, Fault.CRASH, 50, Duration.ofSeconds(2)));
        assertThat(Options.parse(options.arguments())).isEqualTo(options);
    }

    @ParameterizedTest
    @CsvSource({
        "--rows, 99, '--rows must be between 100 and 50000000, but was 99'",
        "--clients, many, '--clients must be a number, but was many'",
        "--fault, fire, '--fault must be one of [none, errors, latency, hang, crash], but was fire'",
        "--fault-at, 30, '--fault-at must be one of [5, 25, 50, 100], but was 30'",
        "--speed, 1, there is no option --speed"
    })
    void aWrongOption_isNamedWithItsRuleAndValue(String name, String value, String message) {
        assertThatThrownBy(() -> Options.parse(List.of(name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void anOptionWithoutAValue_isNamed() {
        assertThatThrownBy(() -> Options.parse(List.of("--rows"))).hasMessageContaining("--rows must have a value");
    }
}
