package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.test.history.KeyOperation;
import dev.migrate.verify.cluster.Call.Kind;
import dev.migrate.verify.cluster.Call.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private final List<Call> calls = new ArrayList<>();

    private void call(Kind kind, String value, long from, long to, Outcome outcome) {
        calls.add(new Call(kind, 0, 0, value, from, to, outcome));
    }

    private Verdict verdict(Map<Long, String> legacy, Map<Long, String> target) {
        return Verdict.of(calls, Map.of(0L, "seeded"), legacy, target, 1);
    }

    @Test
    void theLastAcknowledgedValueOnBothSides_isClean() {
        call(Kind.WRITE, "a", 1, 2, Outcome.ACKNOWLEDGED);
        call(Kind.WRITE, "b", 3, 4, Outcome.ACKNOWLEDGED);
        assertThat(verdict(Map.of(0L, "b"), Map.of(0L, "b")).isClean()).isTrue();
    }

    @Test
    void anOlderValueOnBothSides_isLostAndNotLinearizable() {
        call(Kind.WRITE, "a", 1, 2, Outcome.ACKNOWLEDGED);
        call(Kind.WRITE, "b", 3, 4, Outcome.ACKNOWLEDGED);
        Verdict verdict = verdict(Map.of(0L, "a"), Map.of(0L, "a"));
        assertThat(verdict.lost()).containsExactly(0L);
        assertThat(verdict.lostOnShadow()).containsExactly(0L);
        assertThat(verdict.violations()).hasSize(1);
        assertThat(verdict.diverged()).isEmpty();
    }

    @Test
    void anOlderValueOnTheTargetAlone_hasDiverged() {
        call(Kind.WRITE, "a", 1, 2, Outcome.ACKNOWLEDGED);
        Verdict verdict = verdict(Map.of(0L, "a"), Map.of(0L, "seeded"));
        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.lostOnShadow()).containsExactly(0L);
        assertThat(verdict.diverged()).containsExactly(0L);
    }

    @Test
    void aWriteOfWhichNobodyKnows_mayHaveHappenedOrNot() {
        call(Kind.WRITE, "a", 1, 2, Outcome.ACKNOWLEDGED);
        call(Kind.WRITE, "b", 3, KeyOperation.NEVER, Outcome.UNKNOWN);
        assertThat(verdict(Map.of(0L, "a"), Map.of(0L, "a")).isClean()).isTrue();
        assertThat(verdict(Map.of(0L, "b"), Map.of(0L, "b")).isClean()).isTrue();
        assertThat(verdict(Map.of(), Map.of()).isClean()).isFalse();
    }

    @Test
    void aRefusedWriteThatIsThere_isAViolation() {
        call(Kind.WRITE, "a", 1, 2, Outcome.REFUSED);
        assertThat(verdict(Map.of(0L, "seeded"), Map.of(0L, "seeded")).isClean())
                .isTrue();
        assertThat(verdict(Map.of(0L, "a"), Map.of(0L, "a")).violations()).hasSize(1);
    }

    @Test
    void aReadOfAnOlderValue_isAViolation() {
        call(Kind.WRITE, "a", 1, 2, Outcome.ACKNOWLEDGED);
        call(Kind.READ, "seeded", 3, 4, Outcome.ACKNOWLEDGED);
        assertThat(verdict(Map.of(0L, "a"), Map.of(0L, "a")).violations()).hasSize(1);
    }
}
