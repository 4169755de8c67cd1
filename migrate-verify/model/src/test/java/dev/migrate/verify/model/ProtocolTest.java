package dev.migrate.verify.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With all of its rules, the protocol keeps its promises in every state. */
class ProtocolTest {
    @ParameterizedTest
    @EnumSource
    void withAllRules_everyStateKeepsThePromises(Concern concern) {
        Explorations.withAllRules(concern).forEach((model, found) -> assertThat(found.counterexample())
                .as(model)
                .isEmpty());
    }
}
