package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.internal.write.IntentWorld.Cast;
import dev.migrate.internal.write.IntentWorld.Variant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every order in which the steps of {@link IntentWorld} can be taken, over the real books: with all rules, and with each of them left out.
 *
 * <p>{@code -Dmigrate.interleavings=all} adds larger casts, which take minutes.
 */
class IntentInterleavingsTest {
    private static final Cast TWO_WRITERS = new Cast(2, 1, true, false);
    private static final Cast LATE_COPY = new Cast(1, 1, true, true);

    /** A state, by the shortest way to it: a step more than the way to another. */
    private record Reached(int from, String step) {}

    private static final class Exploration {
        private final Variant variant;
        private final Cast cast;
        private final Map<String, Integer> known = new HashMap<>();
        private final List<Reached> reached = new ArrayList<>();
        private final List<List<Integer>> comeFrom = new ArrayList<>();
        private final List<Integer> atRest = new ArrayList<>();

        Exploration(Variant variant, Cast cast) {
            this.variant = variant;
            this.cast = cast;
            number(new IntentWorld(variant, cast).state(), new Reached(-1, ""));
        }

        private int number(String state, Reached way) {
            return known.computeIfAbsent(state, unused -> {
                reached.add(way);
                comeFrom.add(new ArrayList<>(4));
                return reached.size() - 1;
            });
        }

        /** The first violation, with the shortest way to it; empty where there is none in any state. */
        Optional<String> violation() throws Exception {
            for (int at = 0; at < reached.size(); at++) {
                Optional<String> found = explore(at);
                if (found.isPresent()) {
                    return found;
                }
            }
            return neverAtRest();
        }

        private Optional<String> explore(int at) throws Exception {
            IntentWorld world = replayed(at);
            String before = world.state();
            boolean isAtRest = true;
            List<String> steps = world.steps();
            for (String step : steps) {
                IntentWorld next = step.equals(steps.get(steps.size() - 1)) ? world : replayed(at);
                next.take(step);
                int to = number(next.state(), new Reached(at, step));
                Optional<String> wrong = next.violation();
                if (wrong.isPresent()) {
                    return told(to, wrong.get());
                }
                comeFrom.get(to).add(at);
                isAtRest &= known.get(before) == to;
            }
            if (isAtRest) {
                atRest.add(at);
                return world.violationAtRest().flatMap(wrong -> told(at, wrong));
            }
            return Optional.empty();
        }

        private Optional<String> told(int at, String wrong) {
            return Optional.of(wrong + " after " + path(at));
        }

        private List<String> path(int at) {
            List<String> path = new ArrayList<>();
            for (int each = at; each > 0; each = reached.get(each).from()) {
                path.add(reached.get(each).step());
            }
            Collections.reverse(path);
            return path;
        }

        private IntentWorld replayed(int at) throws Exception {
            IntentWorld world = new IntentWorld(variant, cast);
            for (String step : path(at)) {
                world.take(step);
            }
            return world;
        }

        /** A state from which nothing leads to rest: something is tried for ever. */
        private Optional<String> neverAtRest() {
            BitSet comesToRest = new BitSet();
            List<Integer> left = new ArrayList<>(atRest);
            while (!left.isEmpty()) {
                int at = left.remove(left.size() - 1);
                if (!comesToRest.get(at)) {
                    comesToRest.set(at);
                    left.addAll(comeFrom.get(at));
                }
            }
            int stuck = comesToRest.nextClearBit(0);
            return stuck == reached.size() ? Optional.empty() : told(stuck, "it never comes to rest");
        }
    }

    static Stream<Arguments> casts() {
        Stream<Arguments> usual = Stream.of(cast(TWO_WRITERS, 50_000), cast(LATE_COPY, 1_000));
        return "all".equals(System.getProperty("migrate.interleavings"))
                ? Stream.concat(
                        usual,
                        Stream.of(cast(new Cast(2, 1, true, true), 300_000), cast(new Cast(1, 2, true, true), 80_000)))
                : usual;
    }

    private static Arguments cast(Cast cast, int floor) {
        return Arguments.of(cast, Named.of("more than " + floor + " states", floor));
    }

    /** Fewer states than the floor would mean that something is never reached. */
    @ParameterizedTest
    @MethodSource("casts")
    void noOrderLosesAnAcknowledgedWrite_orLeavesTheSidesUnequal(Cast cast, int floor) throws Exception {
        Exploration all = new Exploration(Variant.SOUND, cast);
        assertThat(all.violation()).isEmpty();
        assertThat(all.reached).hasSizeGreaterThan(floor);
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                Arguments.of(
                        Variant.SETTLES_WITHOUT_CLAIMING_FIRST, TWO_WRITERS, "a read answers i where [x] are right"),
                Arguments.of(
                        Variant.ACKNOWLEDGES_ALTHOUGH_CLAIMED, TWO_WRITERS, "a read answers i where [x] are right"),
                Arguments.of(Variant.ANNOUNCES_ALTHOUGH_FENCED, TWO_WRITERS, "a read answers i where [x] are right"),
                Arguments.of(
                        Variant.DRAINS_WITHOUT_COUNTING_INTENTS, TWO_WRITERS, "a read answers i where [x] are right"),
                Arguments.of(
                        Variant.ENDS_THE_INTENT_OF_A_FAILED_CALL, LATE_COPY, "at rest legacy holds x and target i"),
                Arguments.of(Variant.OWES_NOTHING_WHERE_UNKNOWN, LATE_COPY, "at rest legacy holds x and target i"),
                Arguments.of(Variant.LEAVES_MISPLACED_DEBTS, LATE_COPY, "it never comes to rest"));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aRuleLeftOut_isCaught(Variant variant, Cast cast, String violation) throws Exception {
        assertThat(new Exploration(variant, cast).violation())
                .hasValueSatisfying(found -> assertThat(found).startsWith(violation));
    }

    /** What {@code VersionedRecords} are for: a copy that was given up on replaces a later one where nothing compares versions. */
    @Test
    void copyThatArrivesLate_replacesALaterOneWhereTheSideIsPlain() throws Exception {
        List<String> steps = List.of(
                "begin LEGACY 0",
                "land 0",
                "acknowledge 0",
                "take LEGACY 0",
                "read 0",
                "giveUp 0", // x is on its way
                "begin LEGACY 1",
                "land 1",
                "acknowledge 1",
                "take LEGACY 0",
                "read 0",
                "write 0",
                "clear 0", // y is there
                "handover",
                "handover",
                "handover",
                "arrive");
        Cast cast = new Cast(2, 1, false, true);
        assertThat(taken(steps, new IntentWorld(Variant.SOUND, cast)).violation())
                .isEmpty();
        assertThat(taken(steps, new IntentWorld(Variant.PLAIN_SIDES, cast)).violation())
                .hasValue("a read answers x where [y] are right");
    }

    private static IntentWorld taken(List<String> steps, IntentWorld world) throws Exception {
        for (String step : steps) {
            assertThat(world.steps()).contains(step);
            world.take(step);
        }
        return world;
    }
}
