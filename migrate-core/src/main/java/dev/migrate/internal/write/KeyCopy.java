package dev.migrate.internal.write;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.ShadowWriteRepaired;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.Owed;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The copy of one key, under the version that was taken when this was made.
 *
 * <p>In this order: the version is taken; the value is {@link #read}; in a transaction of the shadow the copy is {@link #accept accepted},
 * which moves the ledger, and {@link #write written}; when that has committed, the key {@link #arrived}.
 */
final class KeyCopy<K> {
    /** In which copies that share a transaction lock: the role of the segment first, then the ledger's row. */
    static final Comparator<KeyCopy<?>> LOCK_ORDER = Comparator.<KeyCopy<?>>comparingInt(copy -> copy.owed.segment())
            .thenComparing(copy -> copy.worker.records)
            .thenComparing(copy -> copy.owed.key());

    /** In which rows are written that have nothing to do with each other; keys without an order of their own stay as they are. */
    static final Comparator<KeyCopy<?>> KEY_ORDER = (one, other) -> inOrder(one.key(), other.key());

    /** The key has moved on from the delete that was to be copied: its new version has a copy of its own. */
    static final class WrittenAgain extends Exception {
        private static final long serialVersionUID = 1L;

        WrittenAgain() {
            super("the key was written again while its delete was copied", null, false, false);
        }
    }

    private final CopyWorker<K> worker;
    private final Side from;
    private final Owed owed;
    private final long write;
    private final Version version;
    private Copying.@Nullable Copy copy;
    private boolean hasAdvanced;

    private KeyCopy(CopyWorker<K> worker, Side from, Owed owed, long write, Version version) {
        this.worker = worker;
        this.from = from;
        this.owed = owed;
        this.write = write;
        this.version = version;
    }

    /** Takes the version under which a key is owed now; empty where it has arrived. */
    static <K> Optional<KeyCopy<K>> take(CopyWorker<K> worker, Side from, Owed owed) {
        long write = worker.pending.latestWrite(owed.key());
        Optional<Version> taken = worker.books.of(from).owed(owed.key());
        if (taken.isEmpty()) {
            worker.pending.nothingFound(owed.key(), write);
        }
        return taken.map(version -> new KeyCopy<>(worker, from, owed, write, version));
    }

    /** Takes the versions of several keys at once; those that have arrived are not among them. */
    static <K> List<KeyCopy<K>> takeAll(CopyWorker<K> worker, Side from, List<Owed> owed) {
        List<Long> writes =
                owed.stream().map(key -> worker.pending.latestWrite(key.key())).toList();
        Map<String, Version> taken =
                worker.books.of(from).owed(owed.stream().map(Owed::key).toList());
        List<KeyCopy<K>> copies = new ArrayList<>();
        for (int i = 0; i < owed.size(); i++) {
            Owed key = owed.get(i);
            @Nullable Version version = taken.get(key.key());
            if (version == null) {
                worker.pending.nothingFound(key.key(), writes.get(i));
            } else {
                copies.add(new KeyCopy<>(worker, from, key, writes.get(i), version));
            }
        }
        return copies;
    }

    /** Whether it is owed under an epoch whose writes this node may copy. */
    boolean isTimely() {
        return worker.limit.allows(version);
    }

    @SuppressWarnings("unchecked") // of one class, which compares itself
    private static int inOrder(Object one, Object other) {
        return one instanceof Comparable<?> && one.getClass() == other.getClass()
                ? ((Comparable<Object>) one).compareTo(other)
                : 0;
    }

    private K key() {
        return worker.names.keyOf(owed.key());
    }

    /** Reads the value, after all versions that it is to be copied with were taken. */
    void read() throws Exception {
        copy = worker.copying.read(key(), from);
    }

    /** Carries over what is open of the key, operation by operation. */
    Acceptance deliver(Copying.InOrder<K> operations) throws Exception {
        SideBooks.Key inBooks = new SideBooks.Key(owed.key(), owed.segment());
        return operations.deliver(
                new Copying.Delivery<>(key(), inBooks, from, shadow(), () -> hasAdvanced = true), version);
    }

    Acceptance accept() {
        return shadow().accept(owed.key(), owed.segment(), version, value().isDelete());
    }

    /**
     * Writes it, in the transaction that has accepted it.
     *
     * <p>A delete takes along what refers to the row by a cascade of the shadow's own. Where the key was written again, that may be rows which
     * belong to the new one, have arrived and are owed no more. They arrived after that write, so whoever deletes them finds it in the books.
     *
     * @throws WrittenAgain where it was, and the delete is not to commit
     */
    void write() throws Exception {
        value().write(version);
        if (value().isDelete()
                && commitsTogether()
                && !worker.books.of(from).owed(owed.key()).equals(Optional.of(version))) {
            throw new WrittenAgain();
        }
    }

    boolean makeWay() throws Exception {
        return value().makeWay();
    }

    private Copying.Copy value() {
        if (copy == null) {
            throw new IllegalStateException("the value is to be read before it is written");
        }
        return copy;
    }

    /** Strikes the debt out where its version has not moved on. */
    void arrived() {
        arrived(worker.books.of(from).settle(owed.key(), version));
    }

    /** Strikes out the debts of several keys of one worker's. */
    static <K> void allArrived(CopyWorker<K> worker, Side from, List<KeyCopy<?>> copies) {
        Map<String, Version> copied = new HashMap<>();
        copies.forEach(copy -> copied.put(copy.owed.key(), copy.version));
        Set<String> settled = worker.books.of(from).settle(copied);
        copies.forEach(copy -> copy.arrived(settled.contains(copy.owed.key())));
    }

    private void arrived(boolean isSettled) {
        if (isSettled) {
            worker.pending.settled(owed.key(), write);
        }
        if (owed.attempts() > 0) {
            Migration migration = worker.migration;
            Duration owedFor = Duration.between(owed.since(), migration.time().instant());
            migration.publish(
                    new ShadowWriteRepaired(migration.name(), worker.records, from.other(), owed.key(), owedFor));
        }
    }

    /** Leaves the key for later. */
    void failed(Throwable failure) {
        worker.failures.failed(from, hasAdvanced ? untried() : owed, version, failure);
    }

    /** What failed attempts there were, were of operations that have arrived. */
    private Owed untried() {
        return new Owed(owed.key(), owed.segment(), owed.version(), owed.since(), 0, null, false);
    }

    SideBooks shadow() {
        return worker.books.of(from.other());
    }

    boolean commitsTogether() {
        return worker.copying.commitsTogether(from.other());
    }

    Version version() {
        return version;
    }

    Owed owed() {
        return owed;
    }

    boolean isOf(CopyWorker<?> one) {
        return worker == one;
    }

    @Override
    public String toString() {
        return "KeyCopy[" + worker.records + " at " + version + "]";
    }
}
