package dev.migrate.verify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.verify.model.Exploration.Counterexample;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checker itself, on models whose answer is known. */
class StateSpaceTest {
    /** A farmer's ferry: the wolf must not be left with the goat, nor the goat with the cabbage. The shortest way over takes seven crossings. */
    private static final class Ferry extends State {
        static final int FARMER = 0;
        static final int WOLF = 1;
        static final int GOAT = 2;
        static final int CABBAGE = 3;
        final int[] bank = new int[4];

        @Override
        void fields(Tape tape) {
            tape.numbers(bank);
        }

        /** Where it is not, something is eaten, and no step leads on. */
        boolean isSafe() {
            boolean isGoatAlone = bank[GOAT] != bank[FARMER];
            return !isGoatAlone || (bank[GOAT] != bank[WOLF] && bank[GOAT] != bank[CABBAGE]);
        }
    }

    private enum Ferrying implements Action {
        CROSSES("the farmer crosses with passenger %s");

        private final String text;

        Ferrying(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }

        @Override
        public Code standsFor() {
            return Code.OUTSIDE;
        }
    }

    private static class Crossing implements Model<Ferry> {
        @Override
        public Ferry initial() {
            return new Ferry();
        }

        @Override
        public void steps(Ferry at, Steps<Ferry> steps) {
            for (int passenger = Ferry.FARMER; passenger <= Ferry.CABBAGE; passenger++) {
                if (at.bank[passenger] == at.bank[Ferry.FARMER] && at.isSafe()) {
                    Ferry next = steps.draft();
                    next.bank[passenger] = 1 - at.bank[passenger];
                    next.bank[Ferry.FARMER] = next.bank[passenger];
                    steps.take(next, Ferrying.CROSSES, passenger);
                }
            }
        }

        @Override
        public @Nullable Violation violation(Ferry at) {
            int over = at.bank[0] + at.bank[1] + at.bank[2] + at.bank[3];
            return over == 4 ? new Violation(Promise.NOTHING_IS_STUCK, "all are over") : null;
        }

        @Override
        public @Nullable Violation violationAtRest(Ferry at) {
            return null;
        }
    }

    @Test
    void theFirstCounterexample_isAShortest_andItsStepsLeadThere() {
        Counterexample found =
                StateSpace.explore(new Crossing(), 100).counterexample().orElseThrow();
        assertThat(found.violation().detail()).isEqualTo("all are over");
        assertThat(found.steps())
                .hasSize(7)
                .startsWith("the farmer crosses with passenger " + Ferry.GOAT)
                .endsWith("the farmer crosses with passenger " + Ferry.GOAT);
    }

    @Test
    void whereNothingIsBroken_allStatesHaveBeenLookedAt() {
        Exploration found = StateSpace.explore(
                new Crossing() {
                    @Override
                    public @Nullable Violation violation(Ferry at) {
                        return null;
                    }
                },
                100);
        assertThat(found.counterexample()).isEmpty();
        assertThat(found.states())
                .as("every combination of banks, the unsafe ones too")
                .isEqualTo(16);
    }

    @Test
    void moreStatesThanTheLimit_areAFailure() {
        assertThatThrownBy(() -> StateSpace.explore(new Crossing(), 5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("more than 5 states");
    }

    @Test
    void aStateWithoutSteps_isAtRest() {
        Exploration found = StateSpace.explore(
                new Crossing() {
                    @Override
                    public void steps(Ferry at, Steps<Ferry> steps) {}

                    @Override
                    public Violation violationAtRest(Ferry at) {
                        return new Violation(Promise.CONVERGENCE, "nobody moves");
                    }
                },
                100);
        assertThat(found.counterexample().orElseThrow().steps()).isEmpty();
        assertThat(found.counterexample().orElseThrow().violation().promise()).isEqualTo(Promise.CONVERGENCE);
    }

    @Test
    void aDraftThatIsNotTaken_isAnError() {
        Model<Ferry> careless = new Crossing() {
            @Override
            public void steps(Ferry at, Steps<Ferry> steps) {
                steps.draft();
                steps.draft();
            }
        };
        assertThatThrownBy(() -> StateSpace.explore(careless, 100)).hasMessageContaining("not taken");
    }

    @Test
    void aNumberThatDoesNotFit_isAnError() {
        Model<Ferry> growing = new Crossing() {
            @Override
            public void steps(Ferry at, Steps<Ferry> steps) {
                Ferry next = steps.draft();
                next.bank[0]++;
                steps.take(next, Ferrying.CROSSES, 0);
            }

            @Override
            public @Nullable Violation violation(Ferry at) {
                return null;
            }
        };
        assertThatThrownBy(() -> StateSpace.explore(growing, 1_000)).hasMessageContaining("0 and 255");
    }

    /** Where nodes are alike, it is no matter which of them is which: what is found without that is the same, only longer to find. */
    @ParameterizedTest
    @EnumSource(names = {"JOURNAL", "SHARES", "LEASES", "RESTORE"})
    void makingStatesOne_changesNoAnswer(Concern concern) {
        Model<?> model = concern.models(Rules.all()).get(0);
        Exploration reduced = StateSpace.explore(model, Explorations.MOST_STATES);
        Exploration whole = StateSpace.exploreUnreduced(model, Explorations.MOST_STATES);
        assertThat(whole.counterexample()).isEmpty();
        assertThat(whole.longest()).isEqualTo(reduced.longest());
        assertThat(whole.states()).isGreaterThan(reduced.states());
    }

    /** Of the rules whose models renumber versions, and of some that only sort. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "ACKNOWLEDGES_UNSETTLED",
                "UNKNOWN_IS_OWED",
                "INTENT_REFUSED_IF_FENCED",
                "SETTLED_BEFORE_READING",
                "LEGACY_ONLY_CHECKS_ROLE",
                "TAKER_CLOSED_FIRST",
                "DRAWN_UNDER_LOCK",
                "LEASE_BY_LARGER_CLOCK"
            })
    void makingStatesOne_findsWhatIsFoundWithoutIt(Rule rule) {
        Model<?> model =
                rule.breaches().get(0).concern().models(Rules.without(rule)).get(0);
        Counterexample reduced = StateSpace.explore(model, Explorations.MOST_STATES)
                .counterexample()
                .orElseThrow();
        Counterexample whole = StateSpace.exploreUnreduced(model, Explorations.MOST_STATES)
                .counterexample()
                .orElseThrow();
        assertThat(reduced.steps()).hasSameSizeAs(whole.steps());
        assertThat(reduced.violation().promise()).isEqualTo(whole.violation().promise());
    }
}
