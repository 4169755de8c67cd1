package dev.migrate.test.schedule;

import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.test.schedule.Turns.Pace;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * What happens in one schedule besides the order of its steps, drawn from its seed.
 *
 * @param start where the migration stands at the beginning
 * @param nodes how many nodes begin
 * @param bootTogether whether they begin at once, or one after the other
 * @param clients what the clients of each node do
 * @param workers how many workers each node has, besides the one of its router
 * @param operators how many nodes have an operator
 * @param walk where the operators go
 * @param hasBackfill whether the rows at the beginning are in legacy alone
 * @param reconciles whether somebody compares and repairs
 * @param restarts whether another node begins where one has crashed
 * @param parkAfter after how many attempts a key is parked
 * @param isDisturbed whether anything goes wrong
 * @param hasLateCalls whether calls may take effect long after they were given up, by callers that live to hear of it: for sides that compare versions
 * @param pace how turns are given
 */
record Plan(
        Position start,
        int nodes,
        boolean bootTogether,
        Clients clients,
        int workers,
        int operators,
        Walk walk,
        boolean hasBackfill,
        boolean reconciles,
        boolean restarts,
        int parkAfter,
        boolean isDisturbed,
        boolean hasLateCalls,
        Pace pace) {
    static final Duration REFRESH = Duration.ofMillis(100);
    static final Duration LEASE = Duration.ofMillis(400);
    static final Duration STEP_BUDGET = Duration.ofSeconds(2);
    static final Duration LONGEST_WAIT = Duration.ofSeconds(4);

    /** Longer than any pause: of a call that takes longer, and whose caller dies, nothing is promised. */
    static final Duration CALLS_END_WITHIN = Duration.ofSeconds(10);

    /** Shorter than most pauses. */
    static final Duration LATE_CALLS_END_WITHIN = Duration.ofMillis(500);

    /**
     * What the clients of a node do.
     *
     * @param many how many there are
     * @param operations how many operations each makes
     * @param readPercent how many of these are reads, about
     * @param deletePercent how many of the others are deletes
     * @param thinkMillis how long each pauses before an operation
     * @param keys how many keys there are
     */
    record Clients(int many, int operations, int readPercent, int deletePercent, int thinkMillis, int keys) {}

    /**
     * Where an operator goes.
     *
     * @param moves how many steps it tries, each at random
     * @param route where it goes instead; empty for at random
     */
    record Walk(int moves, List<Position> route) {}

    private static final Pace NARROW = new Pace(100, false, 4, false);
    private static final Pace COPYING = new Pace(50, true, 2, true);
    private static final List<Integer> THINKING = List.of(0, 0, 5, 100);
    private static final List<Integer> PARK_AFTER = List.of(1, 3, 20);
    private static final List<Position> STARTS = List.of(
            Position.START,
            Position.START,
            Position.of(Stage.DUAL_WRITE),
            Position.of(Stage.SHADOW),
            Stage.SHADOW.plusPercent(50),
            Position.of(Stage.LIVE));
    private static final List<List<Position>> ROUTES = List.of(
            route(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE, Stage.RAMP_DOWN),
            route(Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE, Stage.SHADOW, Stage.LIVE),
            route(Stage.LEGACY_ONLY, Stage.DUAL_WRITE, Stage.SHADOW, Stage.LIVE));

    /** Half of the schedules have few actors at one key, so that an order that needs many steps of few actors is met. */
    static Plan draw(SplittableRandom random, Schedules.Options options) {
        return switch (random.nextInt(4)) {
            case 0, 1 -> wide(random, options);
            case 2 -> narrow(random, options);
            default -> copying(random, options);
        };
    }

    private static List<Position> route(Stage... stages) {
        return Stream.of(stages).map(Position::of).toList();
    }

    private static <T> T one(SplittableRandom random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Plan wide(SplittableRandom random, Schedules.Options options) {
        Position start = one(random, STARTS);
        int nodes = 1 + random.nextInt(options.nodes());
        return new Plan(
                start,
                nodes,
                nodes > 1 && random.nextInt(4) == 0,
                new Clients(
                        nodes == 1 ? 2 : 1, options.operations(), 40, 33, one(random, THINKING), 2 + random.nextInt(2)),
                1,
                nodes > 1 && random.nextInt(3) == 0 ? 2 : 1,
                new Walk(1 + random.nextInt(4), random.nextInt(4) == 0 ? one(random, ROUTES) : List.of()),
                hasBackfill(random, options, start),
                options.hasTables() && random.nextInt(4) == 0,
                random.nextBoolean(),
                one(random, PARK_AFTER),
                true,
                random.nextInt(4) == 0,
                Pace.USUAL);
    }

    private static Plan narrow(SplittableRandom random, Schedules.Options options) {
        Position start = one(random, STARTS);
        boolean isWalking = start.equals(Position.START) || random.nextBoolean();
        return new Plan(
                start,
                1,
                false,
                new Clients(1 + random.nextInt(2), Math.min(options.operations(), 2), 20, 33, one(random, THINKING), 1),
                2,
                isWalking ? 1 : 0,
                new Walk(1 + random.nextInt(2), random.nextBoolean() ? one(random, ROUTES) : List.of()),
                hasBackfill(random, options, start),
                false,
                false,
                one(random, PARK_AFTER),
                random.nextBoolean(),
                false,
                NARROW);
    }

    /** One client, one copier and perhaps a backfill at one key, and hardly anything else. */
    private static Plan copying(SplittableRandom random, Schedules.Options options) {
        return new Plan(
                Position.of(Stage.DUAL_WRITE),
                1,
                false,
                new Clients(1, Math.min(options.operations(), 1 + random.nextInt(2)), 0, 50, 0, 1),
                1,
                0,
                new Walk(0, List.of()),
                options.hasTables() && random.nextBoolean(),
                false,
                false,
                20,
                random.nextBoolean(),
                false,
                COPYING);
    }

    /** Where the migration stands early enough, the rows at the beginning may be in legacy alone. */
    private static boolean hasBackfill(SplittableRandom random, Schedules.Options options, Position start) {
        boolean mayHave = start.isWhole() && start.compareTo(Position.of(Stage.SHADOW)) <= 0;
        return options.hasTables() && mayHave && (start.equals(Position.START) || random.nextBoolean());
    }
}
