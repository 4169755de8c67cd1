package dev.migrate.test.schedule;

import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The regular chores of a node, one after the other on its timer's thread. */
final class Chores implements Interleaving.Body {
    private static final class Chore {
        private final Runnable what;
        private final long pause;
        private final boolean again;
        private long due;
        private boolean isOver;

        Chore(Runnable what, long pause, boolean again) {
            this.what = what;
            this.pause = pause;
            this.again = again;
        }
    }

    private final Interleaving run;
    private final PriorityQueue<Chore> waiting = new PriorityQueue<>(Comparator.comparingLong(chore -> chore.due));
    private @Nullable Actor timer;

    Chores(Interleaving run) {
        this.run = run;
    }

    void runBy(Actor actor) {
        timer = actor;
        actor.state = Actor.State.ASLEEP;
        actor.wakeAt = Long.MAX_VALUE;
    }

    AutoCloseable add(Duration pause, boolean again, Runnable what) {
        Chore chore = new Chore(what, pause.toNanos(), again);
        put(chore);
        return () -> chore.isOver = true;
    }

    private void put(Chore chore) {
        chore.due = run.quietNanoTime() + chore.pause;
        waiting.add(chore);
        Actor actor = Objects.requireNonNull(timer);
        if (actor.state == Actor.State.ASLEEP) {
            actor.wakeAt = Math.min(actor.wakeAt, chore.due);
        }
    }

    @Override
    public void run() {
        Actor actor = Objects.requireNonNull(timer);
        while (true) {
            Chore next = waiting.peek();
            if (next != null && next.isOver) {
                waiting.poll();
            } else if (next != null && next.due <= run.quietNanoTime()) {
                waiting.poll();
                run.contained(next.what);
                if (next.again) {
                    put(next);
                }
            } else {
                run.sleep(actor, next == null ? Long.MAX_VALUE : next.due);
            }
        }
    }
}
