package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Column.Kind;
import dev.migrate.table.OwnForm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MariaDbTimeTest {
    @ParameterizedTest
    @CsvSource({
        "DATE, 2024-02-29, 2024-02-29",
        "TIME, 23:59:59.999999, 23:59:59.999999",
        "TIME, 00:00:00, 00:00",
        "TIME, 01:02:03.5, 01:02:03.500",
        "TIMESTAMP, 2024-01-01 00:00:01, 2024-01-01T00:00:01",
        "TIMESTAMP, 0001-01-01 00:00:00.000001, 0001-01-01T00:00:00.000001"
    })
    void usualValues_areOfJavasTypes(Kind kind, String text, String value) {
        Object parsed = MariaDbTime.parse(text, kind);
        assertThat(parsed).isNotInstanceOf(OwnForm.class).hasToString(value);
    }

    @ParameterizedTest
    @CsvSource({
        "DATE, 0000-00-00",
        "DATE, 2024-00-10",
        "DATE, 2024-02-31",
        "TIME, 24:00:00",
        "TIME, 25:00:00",
        "TIME, 838:59:59.999999",
        "TIME, -00:00:01",
        "TIME, -01:00:00",
        "TIMESTAMP, 0000-00-00 00:00:00",
        "TIMESTAMP, 2024-02-30 00:00:00.000000"
    })
    void others_areWhatTheyAre(Kind kind, String text) {
        assertThat(MariaDbTime.parse(text, kind)).isEqualTo(new OwnForm(text)).hasToString(text);
    }
}
