package dev.migrate.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.dualwrite.BatchReport.Result;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchReportTest {
    private static final Result<Long, String> WRITTEN = new Result<>(1L, "secret value", null);
    private static final IOException FIRST = new IOException("first");
    private static final IOException SECOND = new IOException("second");
    private static final Result<Long, String> FAILED = new Result<>(2L, null, FIRST);
    private static final Result<Long, String> FAILED_TOO = new Result<>(3L, null, SECOND);

    @Test
    void everyWriteAcknowledged_isComplete_andThrowsNothing() {
        BatchReport<Long, String> report = new BatchReport<>(List.of(WRITTEN));
        assertThat(report.isComplete()).isTrue();
        assertThat(report.failures()).isEmpty();
        assertThatCode(report::orElseThrow).doesNotThrowAnyException();
    }

    @Test
    void failures_areAllInTheException_theFirstAsItsCause() {
        BatchReport<Long, String> report = new BatchReport<>(List.of(FAILED, WRITTEN, FAILED_TOO));
        assertThat(report.isComplete()).isFalse();
        assertThat(report.failures()).containsExactly(FAILED, FAILED_TOO);
        assertThatThrownBy(report::orElseThrow)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("2 of 3 writes of the batch failed")
                .hasCause(FIRST)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).containsExactly(SECOND));
    }

    @Test
    void report_isACopy() {
        List<Result<Long, String>> given = new ArrayList<>(List.of(WRITTEN));
        BatchReport<Long, String> report = new BatchReport<>(given);
        given.clear();
        assertThat(report.results()).containsExactly(WRITTEN);
    }

    @Test
    void result_saysWhatBecameOfIt_andNotTheValue() {
        assertThat(WRITTEN).hasToString("acknowledged");
        assertThat(FAILED).hasToString("failed with java.io.IOException");
        assertThat(WRITTEN.isAcknowledged()).isTrue();
        assertThat(FAILED.isAcknowledged()).isFalse();
    }
}
