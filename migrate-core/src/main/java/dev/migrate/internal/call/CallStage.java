package dev.migrate.internal.call;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Stage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The stage on which a call is made: that of its key, or of the whole migration while no share of the keys has moved on.
 *
 * @param <I> the argument of the call
 */
public final class CallStage<I extends @Nullable Object> {
    private final Migration migration;
    private final String subject;
    private final @Nullable Function<? super I, ? extends @Nullable Object> key;
    private final boolean keylessWaits;

    private CallStage(
            Migration migration,
            String subject,
            @Nullable Function<? super I, ? extends @Nullable Object> key,
            boolean keylessWaits) {
        this.migration = migration;
        this.subject = subject;
        this.key = key;
        this.keylessWaits = keylessWaits;
    }

    /** Stages by key; without one, calls are refused while a share of the keys is on the next stage. */
    public static <I extends @Nullable Object> CallStage<I> of(
            Migration migration, String subject, @Nullable Function<? super I, ? extends @Nullable Object> key) {
        return new CallStage<>(migration, subject, key, false);
    }

    /** Stages of calls that concern no key: such calls stay on the earlier stage until all keys have moved on. */
    public static <I extends @Nullable Object> CallStage<I> keyless(Migration migration, String subject) {
        return new CallStage<>(migration, subject, null, true);
    }

    /** The stage for an argument. */
    public Stage of(I input) {
        Position position = migration.view().position();
        if (position.isWhole() || keylessWaits) {
            return position.stage();
        }
        if (key == null) {
            throw new MigrationException("key of '" + subject + "' is missing while migration '" + migration.name()
                    + "' stands at " + position + "; give the builder key(..), which decides the stage of a call, or"
                    + " step to a whole stage");
        }
        return position.stageOf(migration.bucketOf(keyOf(input)));
    }

    /** Whether calls have a key. */
    public boolean isKeyed() {
        return key != null;
    }

    /** The key of an argument; only where there is one. */
    public Object keyOf(I input) {
        Object found = key == null ? null : key.apply(input);
        if (found == null) {
            throw new MigrationException("key of a call to '" + subject + "' of migration '" + migration.name()
                    + "' must not be null; let key(..) return something stable for every call");
        }
        return found;
    }
}
