package dev.migrate.test.schedule;

import dev.migrate.test.schedule.Workers.Worker;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One thread of control of a node; its state belongs to whoever has the turn. */
final class Actor {
    enum State {
        /** Goes on when it is given the turn. */
        READY,
        /** Goes on at {@link #wakeAt}. */
        ASLEEP,
        /** Tries its lock again once any lock was given back. */
        BLOCKED,
        /** Will not be heard of again. */
        DONE
    }

    final String name;
    final Interleaving.Node node;
    final Interleaving.Body body;

    /** Whether nobody waits for it to end. */
    final boolean isDaemon;

    private @Nullable Worker worker;
    State state = State.READY;
    long wakeAt;
    long unlocksSeen;
    double priority;
    boolean isCrashed;

    Actor(Interleaving.Node node, String name, Interleaving.Body body, boolean isDaemon) {
        this.node = node;
        this.name = name;
        this.body = body;
        this.isDaemon = isDaemon;
    }

    boolean hasBegun() {
        return worker != null;
    }

    void begin(Worker with) {
        worker = with;
    }

    Worker worker() {
        return Objects.requireNonNull(worker, "it has not begun");
    }

    boolean isReady(long now, long unlocks) {
        return node.isAwake(now)
                && switch (state) {
                    case READY -> true;
                    case ASLEEP -> wakeAt <= now;
                    case BLOCKED -> unlocksSeen != unlocks;
                    case DONE -> false;
                };
    }

    /** When it goes on by itself, if nobody else does anything; {@link Long#MAX_VALUE} where it never does. */
    long goesOnAt(long unlocks) {
        return switch (state) {
            case READY -> node.awakeAt();
            case ASLEEP -> Math.max(wakeAt, node.awakeAt());
            case BLOCKED -> unlocksSeen == unlocks ? Long.MAX_VALUE : node.awakeAt();
            case DONE -> Long.MAX_VALUE;
        };
    }

    @Override
    public String toString() {
        return node.name() + "/" + name;
    }
}
