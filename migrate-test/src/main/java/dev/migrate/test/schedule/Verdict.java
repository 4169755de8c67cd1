package dev.migrate.test.schedule;

import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.test.history.KeyOperation;
import dev.migrate.test.history.Linearizability;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold once everything has come to rest. */
final class Verdict {
    private final World world;
    private final Recorded recorded;
    private final Map<Long, String> initial;

    Verdict(World world, Recorded recorded, Map<Long, String> initial) {
        this.world = world;
        this.recorded = recorded;
        this.initial = initial;
    }

    /** What is wrong; null where nothing is. */
    @Nullable String violation() {
        Position at = world.position();
        for (long key : World.KEYS) {
            Recorded.Call last = recorded.reads(key);
            recorded.found(last, world.held(authority(at), key));
        }
        String unequal = at.stage().writesShadow() ? unequal() : null;
        return unequal != null ? unequal : notLinearizable();
    }

    private static Side authority(Position at) {
        return at.stage().authoritative();
    }

    private @Nullable String unequal() {
        for (long key : World.KEYS) {
            Optional<String> legacy = world.held(Side.LEGACY, key);
            Optional<String> target = world.held(Side.TARGET, key);
            if (!legacy.equals(target)) {
                return "key " + key + " is " + legacy.orElse("not there") + " in legacy and "
                        + target.orElse("not there") + " in the target, and nothing is owed";
            }
        }
        return world.books(Side.LEGACY)
                        .debt()
                        .plus(world.books(Side.TARGET).debt())
                        .isNone()
                ? null
                : "something is still owed";
    }

    private @Nullable String notLinearizable() {
        List<KeyOperation<Long, String>> history = new ArrayList<>(recorded.operations());
        List<Linearizability.Violation<Long, String>> violations = Linearizability.violations(history, initial);
        return violations.isEmpty() ? null : violations.get(0).toString();
    }
}
