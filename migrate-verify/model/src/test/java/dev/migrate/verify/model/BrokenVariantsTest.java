package dev.migrate.verify.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.verify.model.Exploration.Counterexample;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** With any one of its rules left out, the protocol breaks a promise, and the checker finds it: each rule is there for a reason. */
class BrokenVariantsTest {
    private static Stream<Arguments> breaches() {
        return Arrays.stream(Rule.values())
                .flatMap(rule -> rule.breaches().stream().map(breach -> Arguments.of(rule, breach)));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void withoutARule_aPromiseIsBroken(Rule rule, Rule.Breach breach) {
        Optional<Counterexample> found =
                Explorations.without(rule, breach.concern()).flatMap(Exploration::counterexample);
        assertThat(found).as("left out: %s", rule.sentence()).isPresent();
        assertThat(found.orElseThrow().violation().promise()).isEqualTo(breach.promise());
        assertThat(found.orElseThrow().steps()).isNotEmpty();
    }

    @Test
    void everyRule_breaksSomething() {
        assertThat(Rule.values()).allSatisfy(rule -> assertThat(rule.breaches()).isNotEmpty());
    }

    @Test
    void everyRule_standsInTheReadmeWithTheLengthOfItsShortestCounterexample() throws IOException {
        List<String> rows =
                Arrays.stream(Rule.values()).map(BrokenVariantsTest::row).toList();
        assertThat(Readme.rowsAfter("| rule | left out, it breaks after |")).isEqualTo(rows);
    }

    private static String row(Rule rule) {
        List<String> lengths = rule.breaches().stream()
                .map(breach -> breach.concern() + " " + length(rule, breach.concern()))
                .toList();
        return "| `" + rule + "` " + rule.sentence() + " | " + String.join("; ", lengths) + " |";
    }

    private static String length(Rule rule, Concern concern) {
        return Explorations.without(rule, concern)
                .flatMap(Exploration::counterexample)
                .map(found -> Integer.toString(found.steps().size()))
                .orElse("never");
    }
}
