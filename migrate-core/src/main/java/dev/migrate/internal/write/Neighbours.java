package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.Side;
import dev.migrate.internal.write.GroupTransaction.KeyFailed;
import dev.migrate.side.ConflictException;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies a key together with those that failed as it did, during one round of a worker: keys of the same records, and of the other
 * records of the migration in the same database, because rows refer to each other across tables.
 *
 * <p>The group grows with each attempt, up to a limit. Keys that could not be copied together are not tried together again in the same
 * round.
 */
final class Neighbours {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final int SMALLEST = 8;
    private static final int LARGEST = 64;
    private final Migration migration;
    private final CopyWorker<?> worker;
    private final Side from;
    private final Set<String> inVain = new HashSet<>();

    Neighbours(Migration migration, CopyWorker<?> worker, Side from) {
        this.migration = migration;
        this.worker = worker;
        this.from = from;
    }

    /** Whether the key has arrived, in the end. */
    boolean copyWith(KeyCopy<?> refused, Throwable failure) {
        if (!refused.commitsTogether() || inVain.contains(refused.owed().key())) {
            refused.failed(failure);
            return false;
        }
        try {
            return copyTogether(refused, failure);
        } catch (KeyFailed another) {
            another.key().failed(Objects.requireNonNullElse(another.getCause(), another));
            if (another.key() != refused) {
                refused.failed(failure);
            }
            return false;
        } catch (Exception | Error failedOtherwise) {
            refused.failed(failedOtherwise);
            return false;
        }
    }

    private boolean copyTogether(KeyCopy<?> refused, Throwable failure) throws Exception {
        List<KeyCopy<?>> group = groupOf(refused);
        List<KeyCopy<?>> arrived = group.size() > 1 ? CopyGroup.copy(refused.shadow(), group) : List.of();
        arrived.forEach(KeyCopy::arrived);
        if (arrived.contains(refused)) {
            return true;
        }
        group.stream()
                .filter(key -> key.isOf(worker))
                .forEach(key -> inVain.add(key.owed().key()));
        refused.failed(group.size() == 1 ? failure : stuck(group.size(), failure));
        return false;
    }

    private ConflictException stuck(int keys, Throwable failure) {
        return new ConflictException(
                "migration '" + migration.name() + "', records '" + worker.records + "': " + keys
                        + " keys are in each other's way on the " + from.other()
                        + " side in whatever order they are written; where rows exchange unique values or refer to each"
                        + " other in a circle, tell the router how a value makes way, with makeWay(..)",
                failure);
    }

    /** The versions first, the values second. */
    private List<KeyCopy<?>> groupOf(KeyCopy<?> refused) throws Exception {
        int limit = Math.min(LARGEST, SMALLEST << Math.min(refused.owed().attempts() - 1, 3));
        List<KeyCopy<?>> group = new ArrayList<>();
        group.add(refused);
        add(worker, refused, limit, group);
        List<CopyWorker<?>> others = Handover.workersOf(migration);
        for (CopyWorker<?> other : others) {
            if (other != worker) {
                add(other, refused, limit, group);
            }
        }
        refused.read();
        return inOneDatabase(refused.shadow(), group).stream()
                .filter(key -> key == refused || isRead(key))
                .toList();
    }

    /** A key that cannot be read is none of this group's; its own copy will tell why. */
    private static boolean isRead(KeyCopy<?> key) {
        try {
            key.read();
            return true;
        } catch (Exception unreadable) {
            LOG.debug("{} is left out of a group", key, unreadable);
            return false;
        }
    }

    private <K> void add(CopyWorker<K> of, KeyCopy<?> refused, int limit, List<KeyCopy<?>> group) {
        Instant around = refused.owed().since();
        for (Owed owed : of.books.of(from).conflicting(around, limit)) {
            boolean isItself = of == worker && owed.key().equals(refused.owed().key());
            if (!isItself && group.size() < limit) {
                KeyCopy.take(of, from, owed)
                        .filter(KeyCopy::isTimely)
                        .filter(KeyCopy::commitsTogether)
                        .ifPresent(group::add);
            }
        }
    }

    private static List<KeyCopy<?>> inOneDatabase(SideBooks shadow, List<KeyCopy<?>> group) throws Exception {
        return shadow.inTransaction(() ->
                group.stream().filter(key -> key.shadow().isInTransaction()).toList());
    }
}
