package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.internal.Waiting;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Copies owed keys to the shadow: at once after a commit, and again and again from the journal until they have arrived.
 *
 * <p>A copy takes the version first and the value second: a value newer than its version is harmless, because its own copy follows, and an
 * older one is not possible. The shadow's ledger moves to the version before the row is written, in one transaction. The debt is struck
 * out where its version has not moved on meanwhile, and only after a copy that was accepted or was overtaken. A key on which an announced
 * operation runs is left alone: the ledger would move to a version that stands for what the operation has yet to do.
 */
final class CopyWorker<K> {
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int BATCH = 200;

    private final Migration migration;
    private final String records;
    private final KeyNames<K> names;
    private final TwoSides<SideBooks> books;
    private final Copying<K> copying;
    private final PendingKeys pending;
    private final Predicate<String> isBeingWritten;
    private final int parkAfter;
    private final String name = UUID.randomUUID().toString();

    /** @param isBeingWritten whether an announced operation on a key is running, and may yet have its effect */
    CopyWorker(
            KeyedWrites.Options<K> options,
            KeyNames<K> names,
            TwoSides<SideBooks> books,
            PendingKeys pending,
            Predicate<String> isBeingWritten) {
        this.migration = options.migration();
        this.records = options.records();
        this.copying = options.copying();
        this.parkAfter = options.parkAfter();
        this.names = names;
        this.books = books;
        this.pending = pending;
        this.isBeingWritten = isBeingWritten;
    }

    /** Takes up what is due of what a side owes, once; returns how many keys have arrived. */
    int work(Side from) {
        int arrived = 0;
        List<Owed> claimed;
        do {
            long forgotten = pending.forgottenSoFar();
            claimed = books.of(from).claim(name, BATCH, migration.time().instant(), LEASE);
            for (Owed owed : claimed) {
                if (copy(from, owed)) {
                    arrived++;
                }
            }
            if (claimed.isEmpty()
                    && books.of(from).debt().isNone()
                    && books.of(from.other()).debt().isNone()) {
                pending.nothingOwed(forgotten);
            }
        } while (claimed.size() == BATCH && !Thread.currentThread().isInterrupted());
        return arrived;
    }

    /** One attempt right after a write, for a key that may be owed by a side. */
    void attempt(Side from, String key, int segment) {
        boolean isMeasured = migration.traffic().isWatched();
        long begun = isMeasured ? migration.nanoTime() : 0;
        boolean hasArrived = copy(from, new Owed(key, segment, Version.NONE, Instant.EPOCH, 0, null, false));
        if (isMeasured) {
            migration.traffic().record(from.other(), migration.nanoTime() - begun, !hasArrived);
        }
    }

    private boolean copy(Side from, Owed owed) {
        @Nullable Version version = null;
        long write = pending.latestWrite(owed.key());
        try {
            migration.leasedView(); // a side without a role of its own takes a copy from anybody
            Optional<Version> taken = books.of(from).owed(owed.key());
            if (taken.isEmpty()) {
                pending.settled(owed.key(), write);
                return true;
            }
            version = taken.get();
            if (isBeingWritten.test(owed.key())) {
                return false; // it is owed anew when that has ended
            }
            Acceptance acceptance = write(from, owed, version);
            if (acceptance == Acceptance.NOT_SHADOW) {
                return false;
            }
            if (books.of(from).settle(owed.key(), version)) {
                pending.settled(owed.key(), write);
            }
            if (owed.attempts() > 0) {
                Duration owedFor =
                        Duration.between(owed.since(), migration.time().instant());
                migration.publish(
                        new ShadowWriteRepaired(migration.name(), records, from.other(), owed.key(), owedFor));
            }
            return true;
        } catch (Exception | Error failure) {
            failed(from, owed, version, failure);
            return false;
        }
    }

    private Acceptance write(Side from, Owed owed, Version version) throws Exception {
        Copying.Copy copy = copying.read(names.keyOf(owed.key()), from);
        SideBooks shadow = books.of(from.other());
        return shadow.inTransaction(() -> {
            Acceptance acceptance = shadow.accept(owed.key(), owed.segment(), version, copy.isDelete());
            if (acceptance == Acceptance.ACCEPTED) {
                copy.write(version);
            }
            return acceptance;
        });
    }

    private void failed(Side from, Owed owed, @Nullable Version version, Throwable failure) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        migration.publish(new ShadowWriteFailed(migration.name(), records, from.other(), owed.key(), failure));
        if (version == null) {
            return;
        }
        int attempts = owed.attempts() + 1;
        boolean park = attempts >= parkAfter;
        Instant again = migration.time().instant().plus(pauseAfter(attempts));
        try {
            books.of(from).postpone(owed.key(), version, again, describe(failure), park);
        } catch (RuntimeException unreachable) {
            // The books are out of reach: the claim runs out by itself, and the key is taken up again.
            migration.publish(new ShadowWriteFailed(migration.name(), records, from.other(), owed.key(), unreachable));
            return;
        }
        if (park) {
            migration.publish(new KeyParked(migration.name(), records, from.other(), owed.key(), attempts));
        }
    }

    /** The exception's type alone: its message may hold a value of a row. */
    private static String describe(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure.getClass().getName()
                + (cause == null ? "" : " caused by " + cause.getClass().getName());
    }

    /** Exponential, with full jitter in its upper half. */
    private static Duration pauseAfter(int attempts) {
        long longest = Math.min(LONGEST_PAUSE.toMillis(), FIRST_PAUSE.toMillis() << Math.min(attempts, 20));
        return Duration.ofMillis(longest / 2 + Waiting.random(longest / 2 + 1));
    }
}
