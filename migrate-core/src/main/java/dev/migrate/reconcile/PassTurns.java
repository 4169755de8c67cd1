package dev.migrate.reconcile;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.PassResult;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import dev.migrate.internal.CanonicalKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who makes which pass, and until when, as the store has it. Thread-safe. */
final class PassTurns {
    private static final String NOBODY = "";
    private final Migration migration;
    private final Duration lease;

    PassTurns(Migration migration, Duration lease) {
        this.migration = migration;
        this.lease = lease;
    }

    /** A turn of this node; it is lost once somebody else has changed the setting. */
    static final class Turn {
        private final String setting;
        private final Instant begun;
        private long version;

        Turn(String setting, Instant begun, long version) {
            this.setting = setting;
            this.begun = begun;
            this.version = version;
        }
    }

    /**
     * What is stored.
     *
     * @param owner the node that makes the pass; empty for nobody
     * @param until when its lease runs out
     * @param begun when the pass was last begun
     */
    private record State(String owner, Instant until, Instant begun) {
        String format() {
            return CanonicalKeys.encode(List.of(owner, until.toString(), begun.toString()));
        }

        static State parse(String text) {
            List<?> parts = (List<?>) CanonicalKeys.decode(text);
            return new State(
                    (String) parts.get(0), Instant.parse((String) parts.get(1)), Instant.parse((String) parts.get(2)));
        }
    }

    /** A turn, where the pass is due and nobody else has it. */
    Optional<Turn> take(String pass, Duration every) {
        String setting = migration.name() + "/" + pass;
        @Nullable Setting stored = migration.store().find(Setting.Kind.SCHEDULE, setting).orElse(null);
        Instant now = migration.time().instant();
        if (stored != null) {
            State state = State.parse(stored.value());
            boolean isHeld = !state.owner().equals(NOBODY) && now.isBefore(state.until());
            boolean isDue =
                    !state.owner().equals(NOBODY) || !now.isBefore(state.begun().plus(every));
            if (isHeld || !isDue) {
                return Optional.empty();
            }
        }
        Turn turn = new Turn(setting, now, stored == null ? 0 : stored.version());
        return change(turn, migration.node(), now.plus(lease), "begins") ? Optional.of(turn) : Optional.empty();
    }

    /** Lets the turn last; does nothing where it was lost. */
    void renew(Turn turn) {
        change(turn, migration.node(), migration.time().instant().plus(lease), "goes on");
    }

    /** Ends the turn; does nothing where it was lost. */
    void give(Turn turn, PassResult result, String what) {
        String why = result + " " + what;
        change(turn, NOBODY, turn.begun, why.length() <= 1_000 ? why : why.substring(0, 1_000));
    }

    private boolean change(Turn turn, String owner, Instant until, String why) {
        synchronized (turn) {
            try {
                turn.version = migration
                        .store()
                        .change(
                                Setting.Kind.SCHEDULE,
                                turn.setting,
                                turn.version,
                                new State(owner, until, turn.begun).format(),
                                migration.operator(),
                                why)
                        .version();
                return true;
            } catch (StaleChangeException another) {
                return false;
            }
        }
    }
}
