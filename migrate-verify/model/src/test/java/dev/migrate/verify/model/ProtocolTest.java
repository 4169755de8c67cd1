package dev.migrate.verify.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With all of its rules, the protocol keeps its promises in every state. */
class ProtocolTest {
    @ParameterizedTest
    @EnumSource
    void withAllRules_everyStateKeepsThePromises(Concern concern) {
        Map<String, Exploration> found = Explorations.withAllRules(concern);
        assertThat(found).isNotEmpty();
        found.forEach((model, exploration) ->
                assertThat(exploration.counterexample()).as(model).isEmpty());
    }

    @Test
    void everyConcern_standsInTheReadmeWithTheNumberOfItsStates() throws IOException {
        List<String> rows =
                Arrays.stream(Concern.values()).map(ProtocolTest::row).toList();
        assertThat(Readme.rowsAfter("| concern | states |")).isEqualTo(rows);
    }

    private static String row(Concern concern) {
        String states = Explorations.withAllRules(concern).values().stream()
                .map(found -> Integer.toString(found.states()))
                .collect(Collectors.joining("; "));
        return "| `" + concern + "` " + concern.sentence() + " | " + states + " |";
    }

    /** A model of which a part is never reached says nothing of that part. */
    @Test
    void everyKindOfStep_isTaken_andWhatARuleForbidsOnlyWithoutIt() {
        Set<Action> withAll = new HashSet<>();
        Set<Action> without = new HashSet<>();
        for (Concern concern : Concern.values()) {
            Explorations.withAllRules(concern).values().forEach(found -> withAll.addAll(found.taken()));
        }
        for (Rule rule : Rule.values()) {
            rule.breaches()
                    .forEach(breach -> Explorations.without(rule, breach.concern())
                            .ifPresent(found -> without.addAll(found.taken())));
        }
        List<Action> neverTaken = new ArrayList<>();
        List<Action> forbiddenButTaken = new ArrayList<>();
        Actions.all().forEach(action -> {
            boolean isForbidden = action.standsFor() instanceof Code.Forbidden;
            if (!(isForbidden ? without : withAll).contains(action)) {
                neverTaken.add(action);
            }
            if (isForbidden && withAll.contains(action)) {
                forbiddenButTaken.add(action);
            }
        });
        assertThat(neverTaken).as("steps that are never taken").isEmpty();
        assertThat(forbiddenButTaken).as("steps that a rule should forbid").isEmpty();
        assertThat(Actions.all()).as("all kinds of steps").containsAll(withAll);
    }

    @Test
    void everyPromise_isBrokenByTheLackOfSomeRule() {
        Set<Promise> broken = new HashSet<>();
        Arrays.stream(Rule.values()).forEach(rule -> rule.breaches().forEach(breach -> broken.add(breach.promise())));
        assertThat(broken).contains(Promise.values());
    }
}
