package dev.migrate.items;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.backfill.BackfillInterruptedException;
import dev.migrate.internal.Waiting;
import dev.migrate.items.ItemBackfill.Point;
import dev.migrate.items.ItemProgress.Counts;
import dev.migrate.side.FailedAttempt;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Copies the items of a batch, each with its attempts, and sees to what the journal is to know of them. */
final class ItemBatch {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private final ItemBackfill backfill;
    private final Migration migration;
    private final ItemBooks books;
    private final PresentItem copying;
    private Map<String, Item> listed = Map.of();
    private int parkedInAll;

    ItemBatch(ItemBackfill backfill, ItemBooks books) {
        this.backfill = backfill;
        this.migration = backfill.migration;
        this.books = books;
        this.copying = new PresentItem(backfill, books);
    }

    /** What legacy said of the items of the next batch when it listed them. */
    void listed(ReadableItems.Page page) {
        listed = new HashMap<>();
        page.items().forEach(item -> listed.put(item.key(), item));
    }

    /**
     * Copies some items.
     *
     * @param isResumed whether any of them may have been copied before, by a run that did not live to see to the rest
     */
    Counts copy(List<String> keys, boolean isResumed) throws Exception {
        Set<String> brought = books.acceptedAmong(keys);
        Map<String, Exception> failed = new LinkedHashMap<>();
        Counts counts = new Counts(keys.size(), 0, 0, 0, 0, 0);
        for (String key : keys) {
            if (brought.contains(key)) {
                counts = counts.plus(PresentItem.IS_THERE);
                continue;
            }
            try {
                counts = counts.plus(attempts(key));
            } catch (GivenUp givenUp) {
                failed.put(key, givenUp.why);
            }
            backfill.probe.accept(Point.COPIED);
        }
        List<String> copied = isResumed
                ? keys
                : keys.stream().filter(key -> !brought.contains(key)).toList();
        Set<String> touched = books.touchedAmong(copied, () -> backfill.probe.accept(Point.LOOKED_INTO_JOURNAL));
        books.oweToTarget(touched);
        backfill.probe.accept(Point.OWED);
        for (Map.Entry<String, Exception> each : failed.entrySet()) {
            park(each.getKey(), each.getValue());
        }
        return counts.plus(new Counts(0, 0, 0, 0, failed.size(), touched.size()));
    }

    private Counts attempts(String key) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return copying.copy(key, attempt == 1 ? listed.get(key) : null);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw interrupted(interrupted);
            } catch (Exception failure) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(failure);
                }
                if (attempt == backfill.attempts) {
                    requireReachable();
                    throw new GivenUp(failure);
                }
                backfill.pause.accept(pauseAfter(attempt));
            }
        }
    }

    /** An item is not to blame where its collection answers to nothing. */
    private void requireReachable() throws Exception {
        backfill.legacy.page(null, 1);
        backfill.target.page(null, 1);
    }

    private BackfillInterruptedException interrupted(Exception during) {
        BackfillInterruptedException interrupted = new BackfillInterruptedException(
                backfill + " was interrupted; call run() again, and it goes on where it stood");
        interrupted.addSuppressed(during);
        return interrupted;
    }

    /** Exponential, with full jitter in its upper half. */
    private static Duration pauseAfter(int attempts) {
        long longest = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(longest / 2 + Waiting.random(longest / 2 + 1));
    }

    private void park(String key, Exception why) {
        if (++parkedInAll > backfill.mostParked) {
            throw new MigrationException(
                    backfill + " has parked " + backfill.mostParked
                            + " items in this run, and gives up at the next, because the fault is hardly theirs; mend it, retry the"
                            + " parked keys, and call run() again, or raise mostParked(..)",
                    why);
        }
        String text = books.textOf(key);
        books.oweToTarget(List.of(key));
        books.of(Side.LEGACY)
                .owed(text)
                .ifPresent(version -> books.of(Side.LEGACY)
                        .postpone(
                                text,
                                version,
                                new FailedAttempt(migration.time().instant(), describe(why), false, true)));
        migration.publish(new KeyParked(migration.name(), backfill.records, Side.TARGET, text, backfill.attempts));
        backfill.probe.accept(Point.PARKED);
    }

    /** The messages of this package say nothing of keys or content; those of others may. */
    private static String describe(Exception failure) {
        boolean isOurs = failure instanceof ItemDamagedException
                || failure instanceof ItemChangedException
                || failure instanceof PresentItem.OtherContentException;
        return failure.getClass().getName() + (isOurs ? ": " + failure.getMessage() : "");
    }

    /** Every attempt has failed. */
    private static final class GivenUp extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Exception why;

        private GivenUp(Exception why) {
            super(why);
            this.why = why;
        }
    }
}
