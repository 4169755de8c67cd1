package dev.migrate.examples.users.load;

import dev.migrate.examples.users.receipts.Histories;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Whose turn it is: one in five calls concerns one of a few users that many clients write at the same time, the
 * others anybody. Safe for use by several threads.
 */
final class Population {

    private static final int HOT_USERS = 24;
    private static final int HOT_PERCENT = 20;

    private final Histories histories;
    private final long seeded;
    private final AtomicLong lastId;
    private final ConcurrentLinkedQueue<Long> deleted = new ConcurrentLinkedQueue<>();

    /**
     * Everybody who was seeded or has a receipt.
     *
     * @param seeded the ids 1 to {@code seeded}
     */
    Population(long seeded, Histories histories) {
        this.seeded = seeded;
        this.histories = histories;
        long last = seeded;
        for (long user : histories.users()) {
            last = Math.max(last, user);
            if (isGone(user)) {
                deleted.add(user);
            }
        }
        lastId = new AtomicLong(last);
    }

    /** Somebody, who may be gone. */
    long anybody(SplittableRandom random) {
        if (random.nextInt(100) < HOT_PERCENT) {
            return 1 + random.nextInt(HOT_USERS) * seeded / HOT_USERS;
        }
        return 1 + random.nextLong(lastId.get());
    }

    /** Somebody who was there a moment ago. */
    long somebody(SplittableRandom random) {
        long user = anybody(random);
        for (int i = 0; i < 5 && isGone(user); i++) {
            user = anybody(random);
        }
        return user;
    }

    /** An id that nobody ever had. */
    long newId() {
        return lastId.incrementAndGet();
    }

    void deleted(long user) {
        deleted.add(user);
    }

    /** Somebody who was deleted and is to come back, or empty. */
    Optional<Long> returning() {
        return Optional.ofNullable(deleted.poll());
    }

    private boolean isGone(long user) {
        return histories.of(user).isGone();
    }
}
