package dev.migrate.test.schedule;

import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.internal.Waiting;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Moves the migration up and down the ladder, and ends what was cut off. */
final class Operator implements Interleaving.Body {
    private static final int MOST_ATTEMPTS = 5;
    private static final Position HALF = Stage.SHADOW.plusPercent(50);
    private final World world;
    private final RoutedNode node;
    private final Plan.Walk walk;
    private final SplittableRandom random;
    private boolean isCutOff;

    Operator(World world, RoutedNode node, Plan.Walk walk, SplittableRandom random) {
        this.world = world;
        this.node = node;
        this.walk = walk;
        this.random = random;
    }

    @Override
    public void run() {
        if (walk.route().isEmpty()) {
            wander();
        } else {
            walk.route().forEach(this::insistOn);
        }
    }

    private void wander() {
        for (int i = 0; i < walk.moves(); i++) {
            List<Position> choice = choice(node.migration.current());
            if (choice.isEmpty()) {
                return;
            }
            move(choice.get(random.nextInt(choice.size())));
        }
    }

    private void insistOn(Position to) {
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            Position at = node.migration.current();
            if (at.equals(to) || at.refusalOfStepTo(to).isPresent()) {
                return;
            }
            move(to);
            Waiting.pause(Duration.ofMillis(i * 100L).toNanos());
        }
    }

    private void move(Position to) {
        try {
            oweAll();
            node.migration.moveTo(to, "a step");
            isCutOff = false;
            oweAll();
        } catch (MigrationException refused) {
            isCutOff = true;
            if (random.nextInt(3) == 0) {
                endWhatWasCutOff();
            }
        }
    }

    /** The backfill of sides that have no tables: whatever was written before is owed, once all writes are. */
    private void oweAll() {
        if (world.needsOwing() && node.migration.current().stage().writesShadow()) {
            if (isCutOff) {
                node.migration.raiseEpoch("to end the step before all rows are copied");
                isCutOff = false;
            }
            node.router.touched(World.KEYS);
            world.allOwed();
        }
    }

    private void endWhatWasCutOff() {
        try {
            node.migration.raiseEpoch("a step was refused");
            isCutOff = false;
        } catch (MigrationException refused) {
            // Somebody else was faster, or the store is down.
        }
    }

    /** Forward more often than back. */
    private static List<Position> choice(Position at) {
        return switch (at.stage()) {
            case LEGACY_ONLY -> List.of(Position.of(Stage.DUAL_WRITE));
            case DUAL_WRITE ->
                List.of(
                        Position.of(Stage.SHADOW),
                        Position.of(Stage.SHADOW),
                        Position.of(Stage.SHADOW),
                        Stage.DUAL_WRITE.plusPercent(at.isWhole() ? 50 : 0),
                        Position.START);
            case SHADOW ->
                at.isWhole()
                        ? List.of(HALF, HALF, Position.of(Stage.LIVE), Position.of(Stage.DUAL_WRITE))
                        : List.of(Position.of(Stage.LIVE), Position.of(Stage.SHADOW));
            case LIVE -> List.of(Position.of(Stage.SHADOW), Position.of(Stage.SHADOW), Position.of(Stage.RAMP_DOWN));
            case RAMP_DOWN ->
                List.of(
                        Position.of(Stage.LIVE),
                        Position.of(Stage.LIVE),
                        Position.of(Stage.LIVE),
                        Position.of(Stage.TARGET_ONLY));
            case TARGET_ONLY -> List.of();
        };
    }
}
