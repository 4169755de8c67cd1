package dev.migrate.internal.write;

import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of the shadow in which several keys are copied, in a given order.
 *
 * <p>All ledger rows are moved first, in one order that every such transaction keeps to, so that two of them do not wait for each other;
 * then the rows are written whose own ledger row has moved, and no others.
 */
final class GroupTransaction {
    /** A key was refused for a reason of its own. */
    static final class KeyFailed extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient KeyCopy<?> key;

        KeyFailed(KeyCopy<?> key, Throwable cause) {
            super(null, cause, false, false);
            this.key = key;
        }

        KeyCopy<?> key() {
            return key;
        }
    }

    private final SideBooks shadow;
    private final List<KeyCopy<?>> accepted = new ArrayList<>();
    private final List<KeyCopy<?>> arrived = new ArrayList<>();
    private final List<KeyCopy<?>> madeWay = new ArrayList<>();
    private @Nullable KeyCopy<?> writing;
    private boolean isMakingWay;

    GroupTransaction(SideBooks shadow) {
        this.shadow = shadow;
    }

    /**
     * Runs it.
     *
     * @param makingWay the keys that make way first
     * @return whether it has committed; where not, a key was in another's way
     * @throws KeyFailed where a key failed, and not because of another
     */
    boolean commits(List<KeyCopy<?>> makingWay, List<KeyCopy<?>> order) throws Exception {
        try {
            return inTransactionOf(shadowsOf(order), () -> {
                acceptAll(order);
                makeWay(makingWay);
                writeAll(order);
                return true;
            });
        } catch (Exception | Error failure) {
            if (shadow.isConflict(failure)) {
                return false;
            }
            if (writing != null) {
                throw new KeyFailed(writing, failure);
            }
            throw failure;
        }
    }

    /** The books of all records that take part: of one database, but each with an end of its own to a copy. */
    private List<SideBooks> shadowsOf(List<KeyCopy<?>> keys) {
        Set<SideBooks> shadows = Collections.newSetFromMap(new IdentityHashMap<>());
        keys.forEach(key -> shadows.add(key.shadow()));
        return List.copyOf(shadows);
    }

    private static boolean inTransactionOf(List<SideBooks> shadows, SideBooks.Work<Boolean> work) throws Exception {
        List<SideBooks> inner = shadows.subList(1, shadows.size());
        return shadows.get(0).inTransaction(() -> inner.isEmpty() ? work.run() : inTransactionOf(inner, work));
    }

    private void acceptAll(List<KeyCopy<?>> keys) {
        for (KeyCopy<?> key : keys.stream().sorted(KeyCopy.LOCK_ORDER).toList()) {
            Acceptance acceptance = key.accept();
            if (acceptance == Acceptance.ACCEPTED) {
                accepted.add(key);
            }
            if (acceptance != Acceptance.NOT_SHADOW) {
                arrived.add(key);
            }
        }
    }

    private void makeWay(List<KeyCopy<?>> keys) throws Exception {
        isMakingWay = true;
        for (KeyCopy<?> key : keys) {
            if (accepted.contains(key)) {
                writing = key;
                if (key.makeWay()) {
                    madeWay.add(key);
                }
            }
        }
        isMakingWay = false;
    }

    private void writeAll(List<KeyCopy<?>> keys) throws Exception {
        for (KeyCopy<?> key : keys) {
            if (accepted.contains(key)) {
                writing = key;
                key.write();
            }
        }
        writing = null;
    }

    /** The keys that the shadow holds under their version, or a later one, when it has committed. */
    List<KeyCopy<?>> arrived() {
        return arrived;
    }

    /** The keys that have made way. */
    List<KeyCopy<?>> madeWay() {
        return madeWay;
    }

    /** The key that another was in the way of; null where the database has told only in the end. */
    @Nullable KeyCopy<?> refused() {
        return writing;
    }

    /** Whether the key was refused when it was to make way. */
    boolean wasMakingWay() {
        return isMakingWay;
    }
}
