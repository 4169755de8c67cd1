package dev.migrate.examples.users.receipts;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Receipt.Seen;
import dev.migrate.examples.users.receipts.Receipt.Settled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All writes of one user, and so what each facet may hold.
 *
 * <p>A write lasts from the line of its intent to the line of its outcome. It is superseded once an acknowledged write
 * of the same facet that began after its end has itself ended; whatever is not superseded may be what is stored.
 * Two writes that overlap may have happened in either order, and one whose outcome is unknown may have happened or
 * not. What a read saw counts like an acknowledged write of the same value: it shows that the value was stored.
 *
 * <p>This is the rule of an atomic register (Herlihy and Wing, <i>Linearizability</i>, 1990) for values that differ:
 * it never accuses a correct store. Safe for use by several threads.
 */
public final class UserHistory {

    private static final class Write {
        final long begin;
        final int version;
        final Effects effects;
        long end = Long.MAX_VALUE;
        @Nullable Outcome outcome;

        Write(long begin, int version, Effects effects) {
            this.begin = begin;
            this.version = version;
            this.effects = effects;
        }

        Write ended(long line, Outcome how) {
            end = line;
            outcome = how;
            return this;
        }

        boolean acknowledgedBy(long line) {
            return outcome == Outcome.ACKNOWLEDGED && end <= line;
        }
    }

    private final List<Write> writes = new ArrayList<>();
    private int versions;

    /** @param before what the account held before the first receipt */
    UserHistory(Effects before) {
        writes.add(new Write(-1, 0, before).ended(0, Outcome.ACKNOWLEDGED));
    }

    /** How many writes have been tried. */
    public synchronized int versions() {
        return versions;
    }

    synchronized void add(Intent intent) {
        versions = Math.max(versions, intent.version());
        writes.add(new Write(intent.line(), intent.version(), intent.effects()));
    }

    synchronized void add(Settled settled) {
        for (int i = writes.size() - 1; i >= 0; i--) {
            if (writes.get(i).begin == settled.intent()) {
                writes.get(i).ended(settled.line(), settled.outcome());
                return;
            }
        }
        throw new IllegalArgumentException("no intent on line " + settled.intent() + " for user " + settled.user());
    }

    synchronized void add(Seen seen) {
        writes.add(new Write(seen.since() + 1, -1, seen.effects()).ended(seen.line(), Outcome.ACKNOWLEDGED));
    }

    /** Ends what is still open as unknown; returns how many writes that were. */
    synchronized int killed(long line) {
        int open = 0;
        for (Write write : writes) {
            if (write.outcome == null) {
                write.ended(line, Outcome.UNKNOWN);
                open++;
            }
        }
        return open;
    }

    /** The facets that some write named. */
    public synchronized Set<String> facets() {
        Set<String> facets = new TreeSet<>();
        writes.forEach(write -> facets.addAll(write.effects.facets()));
        return facets;
    }

    /** Whether a read that began after line {@code since}, and has ended by now, may have seen {@code digest}. */
    public synchronized boolean allows(String facet, String digest, long since) {
        long bar = bar(facet, since);
        return writes.stream()
                .anyMatch(write -> write.outcome != Outcome.REJECTED
                        && write.end >= bar
                        && write.effects.on(facet).filter(digest::equals).isPresent());
    }

    /** Whether a side that has been quiet for long enough may hold {@code digest}. */
    public boolean allows(String facet, String digest) {
        return allows(facet, digest, Long.MAX_VALUE);
    }

    /** What may be stored. */
    public synchronized Set<String> possible(String facet) {
        long bar = bar(facet, Long.MAX_VALUE);
        return writes.stream()
                .filter(write -> write.outcome != Outcome.REJECTED && write.end >= bar)
                .flatMap(write -> write.effects.on(facet).stream())
                .collect(Collectors.toSet());
    }

    /** Whether the account is not there, and nobody is about to create it. */
    public boolean isGone() {
        return possible(Facets.USER).equals(Set.of(Effects.ABSENT));
    }

    /** The version of the last write that left {@code digest}; 0 is what was there before, empty if no write did. */
    public synchronized Optional<Integer> versionOf(String facet, String digest) {
        return writes.stream()
                .filter(write -> write.version >= 0
                        && write.effects.on(facet).filter(digest::equals).isPresent())
                .map(write -> write.version)
                .max(Integer::compare);
    }

    /** The version of the acknowledged write of the facet that began last; 0 is what was there before. */
    public synchronized int acknowledgedVersion(String facet) {
        return writes.stream()
                .filter(write -> write.version >= 0
                        && write.outcome == Outcome.ACKNOWLEDGED
                        && write.effects.on(facet).isPresent())
                .mapToInt(write -> write.version)
                .max()
                .orElse(0);
    }

    /** The line at which the latest acknowledged write of the facet began: what ended earlier is superseded. */
    private long bar(String facet, long since) {
        return writes.stream()
                .filter(write -> write.acknowledgedBy(since) && write.effects.on(facet).isPresent())
                .mapToLong(write -> write.begin)
                .max()
                .orElse(-1);
    }
}
