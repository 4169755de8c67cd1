package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import java.util.function.Function;

/**
 * Reads inside a scope, whose position stands still. Where the node knows by now that authority has moved, the side that was authoritative
 * then may lack what was written since, and the other is not what the scope was promised: such a read is refused.
 */
public final class PinnedReads {
    private PinnedReads() {}

    /** Refuses a read of a key. */
    public static void requireCurrent(Migration migration, int bucket) {
        require(migration, position -> position.stageOf(bucket).authoritative());
    }

    /** Refuses a read of no single key, which goes by the stage. */
    public static void requireCurrent(Migration migration) {
        require(migration, position -> position.stage().authoritative());
    }

    private static void require(Migration migration, Function<Position, Side> authority) {
        if (migration.isPinned()
                && authority.apply(migration.current())
                        != authority.apply(migration.view().position())) {
            throw new RefusedWriteException("migration '" + migration.name()
                    + "': authority has moved since the scope was begun; end the scope and begin again");
        }
    }
}
