package dev.migrate.examples.users.receipts;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Killed;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Receipt.Seen;
import dev.migrate.examples.users.receipts.Receipt.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** The history of every user that a receipt names. Safe for use by several threads. */
public final class Histories {

    private final Map<Long, UserHistory> users = new ConcurrentHashMap<>();
    private final LongFunction<Effects> before;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private @Nullable Instant lastAcknowledgement;
    private Duration longestSilence = Duration.ZERO;

    /** @param before what a user's account held before the first receipt */
    public Histories(LongFunction<Effects> before) {
        this.before = before;
    }

    /** The user's history up to now; not one that will be added to, if no receipt names the user yet. */
    public UserHistory of(long user) {
        UserHistory history = users.get(user);
        return history == null ? new UserHistory(before.apply(user)) : history;
    }

    /** The facets of which it is not certain what they hold, by user. */
    public Map<Long, Set<String>> doubts() {
        Map<Long, Set<String>> doubts = new TreeMap<>();
        users.forEach((user, history) -> {
            Set<String> open = history.facets();
            open.removeIf(facet -> history.possible(facet).size() == 1);
            if (!open.isEmpty()) {
                doubts.put(user, open);
            }
        });
        return doubts;
    }

    UserHistory growing(long user) {
        return users.computeIfAbsent(user, id -> new UserHistory(before.apply(id)));
    }

    public void add(Receipt receipt) {
        if (receipt instanceof Intent intent) {
            growing(intent.user()).add(intent);
        } else if (receipt instanceof Settled settled) {
            growing(settled.user()).add(settled);
            count(settled);
        } else if (receipt instanceof Seen seen) {
            growing(seen.user()).add(seen);
        } else if (receipt instanceof Killed killed) {
            users.values().forEach(history -> unknown.addAndGet(history.killed(killed.line())));
        }
    }

    /** The users that a receipt names, in order. */
    public NavigableSet<Long> users() {
        return new TreeSet<>(users.keySet());
    }

    /** How many writes were acknowledged. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /** How many writes ended without the caller knowing how. */
    public long unknown() {
        return unknown.get();
    }

    /** The longest time between one acknowledgement and the next, whoever waited. */
    public synchronized Duration longestSilence() {
        return longestSilence;
    }

    private void count(Settled settled) {
        if (settled.outcome() == Outcome.UNKNOWN) {
            unknown.incrementAndGet();
        } else if (settled.outcome() == Outcome.ACKNOWLEDGED) {
            acknowledged.incrementAndGet();
            measureSilence(settled.at());
        }
    }

    private synchronized void measureSilence(Instant at) {
        if (lastAcknowledgement != null) {
            Duration silence = Duration.between(lastAcknowledgement, at);
            longestSilence = silence.compareTo(longestSilence) > 0 ? silence : longestSilence;
        }
        lastAcknowledgement = at;
    }
}
