package dev.migrate.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Call;
import dev.migrate.Outcome;
import dev.migrate.Stage;
import dev.migrate.internal.call.Ladder;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class LegacyFallbackProperties {
    enum Behaviour {
        ANSWERS,
        REFUSES_CONNECTION,
        DOES_IT_BUT_TIMES_OUT,
        DOES_IT_BUT_DIES,
        DECLINES,
        AN_HOUR_PASSES
    }

    static final class Declined extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** One call: what the target does with it, and a number of its own. */
    private record Charge(Behaviour behaviour, int number) {}

    /** How often each call has had an effect, on whichever side, and which of them were answered. */
    private static final class Effects {
        final Map<Charge, Integer> executions = new HashMap<>();
        final List<Charge> answered = new ArrayList<>();

        void execute(Charge charge) {
            executions.merge(charge, 1, Integer::sum);
        }

        boolean hasAnyTwice() {
            return executions.values().stream().anyMatch(times -> times > 1);
        }
    }

    private static Effects effects(
            List<Behaviour> script, UnaryOperator<LegacyFallbackBuilder<Charge, String>> options) {
        Effects effects = new Effects();
        try (Ladder ladder = Ladder.at(Stage.LIVE)) {
            Call<Charge, String> legacy = charge -> {
                effects.execute(charge);
                return "legacy";
            };
            LegacyFallback<Charge, String> fallback = options.apply(LegacyFallback.of(ladder.migration())
                            .legacy(legacy)
                            .target(charge -> onTarget(charge, effects))
                            .notSent(ConnectException.class)
                            .business(Declined.class)
                            .window(5)
                            .minimumCalls(3)
                            .probes(1)
                            .retryTargetAfter(Duration.ofMinutes(1)))
                    .build();
            for (int i = 0; i < script.size(); i++) {
                if (script.get(i) == Behaviour.AN_HOUR_PASSES) {
                    ladder.pass(Duration.ofHours(1));
                } else {
                    call(fallback, new Charge(script.get(i), i), effects);
                }
            }
        }
        return effects;
    }

    private static String onTarget(Charge charge, Effects effects) throws Exception {
        switch (charge.behaviour()) {
            case REFUSES_CONNECTION -> throw new ConnectException();
            case DECLINES -> throw new Declined();
            default -> effects.execute(charge);
        }
        switch (charge.behaviour()) {
            case DOES_IT_BUT_TIMES_OUT -> throw new TimeoutException();
            case DOES_IT_BUT_DIES -> throw new LinkageError();
            default -> {
                return "target";
            }
        }
    }

    private static void call(LegacyFallback<Charge, String> fallback, Charge charge, Effects effects) {
        try {
            fallback.<Exception>call(charge);
            effects.answered.add(charge);
        } catch (Exception | Error failure) {
            // Whatever it is: the effects are counted.
        }
    }

    /** Whatever the target does, in whatever order, one call has at most one effect, on one of the sides. */
    @Property(tries = 300)
    void aCallThatIsNotIdempotent_isNeverDoneTwice(@ForAll @Size(max = 60) List<Behaviour> script) {
        Effects effects = effects(script, options -> options);
        assertThat(effects.executions.values()).allMatch(times -> times == 1);
        assertThat(effects.executions.keySet()).containsAll(effects.answered);
    }

    /** Two executions are one effect where both sides go by the key. */
    @Property(tries = 300)
    void aCallWithAnIdempotencyKey_isAnsweredWhereverOneSideAnswers(@ForAll @Size(max = 60) List<Behaviour> script) {
        Effects effects = effects(script, options -> options.idempotencyKey(Charge::number));
        long declinedOrPassed = script.stream()
                .filter(each -> each == Behaviour.AN_HOUR_PASSES || each == Behaviour.DECLINES)
                .count();
        assertThat(effects.answered).hasSizeGreaterThanOrEqualTo((int) (script.size() - declinedOrPassed));
        assertThat(effects.executions.values()).allMatch(times -> times <= 2);
        effects.executions.forEach(
                (charge, times) -> assertThat(times).isLessThanOrEqualTo(isUnknown(charge.behaviour()) ? 2 : 1));
    }

    /** A call without a key beside calls that have one is none the more repeatable. */
    @Property(tries = 300)
    void onlyTheCallsThatCarryAKey_areRepeated(@ForAll @Size(max = 60) List<Behaviour> script) {
        Effects effects = effects(
                script, options -> options.idempotencyKey(charge -> charge.number() % 2 == 0 ? charge.number() : null));
        effects.executions.forEach((charge, times) -> {
            if (charge.number() % 2 != 0) {
                assertThat(times).isEqualTo(1);
            }
        });
    }

    private static boolean isUnknown(Behaviour behaviour) {
        return behaviour == Behaviour.DOES_IT_BUT_TIMES_OUT || behaviour == Behaviour.DOES_IT_BUT_DIES;
    }

    /** Every sequence of up to three calls; and a broken variant, which takes an unknown outcome for a rejection. */
    @Example
    void fallingBackOnUnknown_wouldDoItTwice_inEverySequenceThatHasOne() {
        List<List<Behaviour>> sequences = new ArrayList<>(List.of(List.of()));
        for (int from = 0, length = 1; length <= 3; length++) {
            int to = sequences.size();
            for (; from < to; from++) {
                for (Behaviour next : Behaviour.values()) {
                    List<Behaviour> longer = new ArrayList<>(sequences.get(from));
                    longer.add(next);
                    sequences.add(longer);
                }
            }
        }
        assertThat(sequences).hasSize(1 + 6 + 36 + 216);
        for (List<Behaviour> sequence : sequences) {
            assertThat(effects(sequence, options -> options).hasAnyTwice())
                    .as("%s", sequence)
                    .isFalse();
            Effects broken = effects(
                    sequence,
                    options -> options.classifiedBy(
                            failure -> failure instanceof TimeoutException || failure instanceof LinkageError
                                    ? Outcome.REJECTED
                                    : null));
            assertThat(broken.hasAnyTwice())
                    .as("broken, on %s", sequence)
                    .isEqualTo(sequence.stream().anyMatch(LegacyFallbackProperties::isUnknown));
        }
    }
}
