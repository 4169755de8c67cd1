package dev.migrate.side;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.internal.Waiting;
import dev.migrate.side.InMemoryJournal.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Books in memory: for plain functions where the store keeps none, and for tests. What is owed is forgotten when the process ends.
 *
 * <p>A transaction holds the locks of its keys, and the shared lock of the roles, to its end; what it wrote to the books is applied at
 * its commit. The version is drawn at the commit too, under the key's lock. Thread-safe.
 */
public final class InMemorySideBooks implements SideBooks {
    private static final int STRIPES = 256;

    private record Held(Version version, boolean isTombstone) {}

    private final InstantSource time;
    private final AtomicLong sequence = new AtomicLong();
    private final Map<String, Entry> journal = new ConcurrentHashMap<>();
    private final InMemoryJournal entries = new InMemoryJournal(journal);
    private final Map<String, Held> ledger = new ConcurrentHashMap<>();
    private final ReentrantLock[] journalLocks = stripes();

    /** One for each key: copies that share a transaction lock in the order of their keys, which stripes would not keep. */
    private final Map<String, ReentrantLock> ledgerLocks = new ConcurrentHashMap<>();

    private final ReentrantReadWriteLock roleLock = new ReentrantReadWriteLock();
    private final InMemoryIntents intents;
    private final InMemoryRepairs repairs = new InMemoryRepairs(this);
    private volatile List<SegmentRole> roles = List.of();

    @SuppressWarnings("ThreadLocalUsage") // a transaction belongs to these books
    private final ThreadLocal<@Nullable Transaction> running = new ThreadLocal<>();

    /** Creates empty books. */
    public InMemorySideBooks(InstantSource time) {
        this.time = time;
        this.intents = new InMemoryIntents(this, time);
    }

    private final class Transaction {
        private final List<ReentrantLock> held = new ArrayList<>();
        private final Map<String, Entry> owed = new LinkedHashMap<>();
        private final Map<String, Held> accepted = new LinkedHashMap<>();
        private final List<Runnable> withCommit = new ArrayList<>();
        private final List<Runnable> withEnd = new ArrayList<>();
        private final List<Runnable> afterCommit = new ArrayList<>();
        private boolean holdsRoles;
        private boolean isDoomed;

        void lock(ReentrantLock lock) {
            if (!lock.isHeldByCurrentThread()) {
                Waiting.lock(lock);
                held.add(lock);
            }
        }

        void lockRoles() {
            if (!holdsRoles) {
                Waiting.lock(roleLock.readLock());
                holdsRoles = true;
            }
        }

        void commit() {
            if (isDoomed) {
                throw new RefusedWriteException("the transaction was refused a write and can only be rolled back");
            }
            withCommit.forEach(Runnable::run);
            journal.putAll(owed);
            ledger.putAll(accepted);
        }

        void release() {
            withEnd.forEach(Runnable::run);
            if (holdsRoles) {
                Waiting.unlock(roleLock.readLock());
            }
            held.forEach(Waiting::unlock);
        }
    }

    private static ReentrantLock[] stripes() {
        return Stream.generate(ReentrantLock::new).limit(STRIPES).toArray(ReentrantLock[]::new);
    }

    private static ReentrantLock of(String key, ReentrantLock[] stripes) {
        return stripes[Math.floorMod(key.hashCode(), STRIPES)];
    }

    @Override
    public boolean isDurable() {
        return false;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Work<T> work) throws Exception {
        if (running.get() != null) {
            return work.run();
        }
        Transaction transaction = new Transaction();
        running.set(transaction);
        T result;
        try {
            result = work.run();
            transaction.commit();
        } finally {
            running.remove();
            transaction.release();
        }
        transaction.afterCommit.forEach(Runnable::run);
        return result;
    }

    @Override
    public boolean isInTransaction() {
        return running.get() != null;
    }

    @Override
    public void afterCommit(Runnable action) {
        Transaction transaction = running.get();
        if (transaction == null) {
            action.run();
        } else {
            transaction.afterCommit.add(action);
        }
    }

    /**
     * Runs an action with the commit of the thread's transaction, while it still has its locks and before anybody sees what it owes; never after a
     * rollback. For what is to commit with these books.
     *
     * @throws IllegalStateException outside of a transaction
     */
    public void withCommit(Runnable action) {
        Transaction transaction = running.get();
        if (transaction == null) {
            throw new IllegalStateException("there is no transaction to commit with; call inTransaction(..) around it");
        }
        transaction.withCommit.add(action);
    }

    /** Runs an action when the thread's transaction ends, however it does. */
    void withEnd(Runnable action) {
        Objects.requireNonNull(running.get()).withEnd.add(action);
    }

    @Override
    public Version admitInOrder(String key, int segment) {
        return changing(of(key, journalLocks), transaction -> {
            SegmentRole role = authority(transaction, segment, true);
            Entry before = transaction.owed.getOrDefault(key, journal.get(key));
            Entry owing = owing(before, key, segment, role.epoch(), Instant.MIN);
            Entry entry = before == null ? owing : owing.tried(before);
            transaction.owed.put(key, entry);
            return entry.owed().version();
        });
    }

    @Override
    public Version admit(String key, int segment, boolean owe) {
        return changing(of(key, journalLocks), transaction -> {
            SegmentRole role = authority(transaction, segment, owe);
            if (!owe) {
                return Version.NONE;
            }
            return owe(transaction, key, segment, role.epoch(), Instant.MIN)
                    .owed()
                    .version();
        });
    }

    private SegmentRole authority(Transaction transaction, int segment, boolean owe) {
        SegmentRole role = role(segment);
        if (role.role() != Role.AUTHORITY || (role.journalled() && !owe)) {
            transaction.isDoomed = true;
            throw new RefusedWriteException("the side is " + role.role() + " for segment " + segment
                    + (role.journalled() ? ", and its writes are copied" : ""));
        }
        return role;
    }

    @Override
    public Acceptance accept(String key, int segment, Version version, boolean deleted) {
        return changing(ledgerLocks.computeIfAbsent(key, one -> new ReentrantLock()), transaction -> {
            if (role(segment).role() != Role.SHADOW) {
                return Acceptance.NOT_SHADOW;
            }
            Held held = transaction.accepted.getOrDefault(key, ledger.get(key));
            if (held != null && !version.isAfter(held.version())) {
                return Acceptance.OVERTAKEN;
            }
            transaction.accepted.put(key, new Held(version, deleted));
            return Acceptance.ACCEPTED;
        });
    }

    @Override
    public void owe(Collection<Key> keys, Instant notBefore) {
        Transaction joined = running.get();
        for (Key key : keys) {
            if (joined == null) {
                oweAtOnce(key, notBefore);
            } else {
                joined.lockRoles();
                joined.lock(of(key.text(), journalLocks));
                long epoch = authority(joined, key.segment(), true).epoch();
                owe(joined, key.text(), key.segment(), epoch, notBefore);
            }
        }
    }

    /** Nothing can be rolled back: written straight to the journal, under the locks that a transaction would hold. */
    void oweAtOnce(Key key, Instant notBefore) {
        aloneAt(key.text(), () -> oweUnderItsLocks(key, notBefore));
    }

    /** For whoever is {@link #aloneAt alone at} the key. */
    Version oweUnderItsLocks(Key key, Instant notBefore) {
        String text = key.text();
        long epoch = role(key.segment()).epoch();
        Entry entry = owing(journal.get(text), text, key.segment(), epoch, notBefore);
        journal.put(text, entry);
        return entry.owed().version();
    }

    private Entry owe(Transaction transaction, String key, int segment, long epoch, Instant notBefore) {
        Entry before = transaction.owed.getOrDefault(key, journal.get(key));
        Entry entry = owing(before, key, segment, epoch, notBefore);
        transaction.owed.put(key, entry);
        return entry;
    }

    private Entry owing(@Nullable Entry before, String key, int segment, long epoch, Instant notBefore) {
        Version version = new Version(epoch, sequence.incrementAndGet());
        Owed owed = before == null
                ? new Owed(key, segment, version, time.instant(), 0, null, false)
                : new Owed(
                        key,
                        segment,
                        version,
                        before.owed().since(),
                        0,
                        before.owed().lastError(),
                        false);
        return new Entry(owed, notBefore, null, Instant.MIN, before != null && before.isConflicting());
    }

    /** Changes what a lock guards, in the thread's transaction. */
    private <T> T changing(ReentrantLock lock, Function<Transaction, T> change) {
        Transaction transaction = running.get();
        if (transaction == null) {
            throw new MigrationException(
                    "books in memory can admit a write or accept a copy only inside a transaction of"
                            + " theirs; call inTransaction(..) around it");
        }
        transaction.lockRoles(); // first: who waits behind an assignment must not hold what another waits for
        transaction.lock(lock);
        return change.apply(transaction);
    }

    @Override
    public Optional<Version> owed(String key) {
        return Optional.ofNullable(journal.get(key)).map(entry -> entry.owed().version());
    }

    @Override
    public Set<String> owedAmong(Collection<String> keys) {
        return keys.stream().filter(journal::containsKey).collect(Collectors.toSet());
    }

    @Override
    public Set<String> heldAmong(Collection<String> keys) {
        return keys.stream().filter(ledger::containsKey).collect(Collectors.toSet());
    }

    @Override
    public List<LedgerKey> ledger(@Nullable String after, int limit) {
        return ledger.entrySet().stream()
                .filter(held -> after == null || held.getKey().compareTo(after) > 0)
                .sorted(Map.Entry.comparingByKey())
                .limit(limit)
                .map(held -> new LedgerKey(held.getKey(), held.getValue().version()))
                .toList();
    }

    @Override
    public boolean settle(String key, Version copied) {
        return entries.settle(key, copied);
    }

    @Override
    public void postpone(String key, Version attempted, FailedAttempt failed) {
        entries.postpone(key, attempted, failed);
    }

    @Override
    public List<Owed> conflicting(Instant around, int limit) {
        return entries.conflicting(around, limit);
    }

    @Override
    public List<Owed> claim(String worker, int limit, Instant now, Duration lease) {
        return entries.claim(worker, limit, now, lease);
    }

    @Override
    public Optional<Owed> claim(String worker, String key, Instant now, Duration lease) {
        return entries.claim(worker, key, now, lease);
    }

    @Override
    public List<Owed> parked(int limit) {
        return entries.parked(limit);
    }

    @Override
    public boolean retry(String key) {
        return entries.retry(key);
    }

    @Override
    public OwedKeys owedKeys() {
        return entries;
    }

    @Override
    public void release(String worker, Collection<String> keys) {
        entries.release(worker, keys);
    }

    @Override
    public void hasten(SegmentRange range) {
        entries.hasten(range);
    }

    @Override
    public Intents intents() {
        return intents;
    }

    @Override
    public Repairs repairs() {
        return repairs;
    }

    /** Does something with a new version while the side is authoritative for a segment, and cannot cease to be. */
    <T> T asAuthority(int segment, Function<Version, T> work) {
        Waiting.lock(roleLock.readLock());
        try {
            SegmentRole role = role(segment);
            if (role.role() != Role.AUTHORITY) {
                throw new RefusedWriteException("the side is " + role.role() + " for segment " + segment);
            }
            return work.apply(new Version(role.epoch(), sequence.incrementAndGet()));
        } finally {
            Waiting.unlock(roleLock.readLock());
        }
    }

    /** Does something while nobody else changes a key's debt, or a role. */
    <T extends @Nullable Object> T aloneAt(String key, Supplier<T> work) {
        ReentrantLock lock = of(key, journalLocks);
        Waiting.lock(roleLock.readLock());
        try {
            Waiting.lock(lock);
            try {
                return work.get();
            } finally {
                Waiting.unlock(lock);
            }
        } finally {
            Waiting.unlock(roleLock.readLock());
        }
    }

    /** Intents first: one that is ended in between is in the journal by then. */
    @Override
    public Debt debt(SegmentRange range) {
        Debt begun = intents.debt(range);
        return entries.debt(range).plus(begun);
    }

    @Override
    public List<SegmentRole> roles() {
        return roles;
    }

    @Override
    public Version drawVersion() {
        return new Version(SegmentRole.earliestEpoch(roles, this), sequence.incrementAndGet());
    }

    @Override
    public boolean isReadable(int segment) {
        List<SegmentRole> all = roles;
        return !all.isEmpty() && all.get(segment).role() != Role.SHADOW;
    }

    private SegmentRole role(int segment) {
        List<SegmentRole> all = roles;
        // Before any role is assigned, neither a write nor a copy belongs here.
        return all.isEmpty() ? new SegmentRole(segment, Role.FENCED, false, 0) : all.get(segment);
    }

    @Override
    public boolean assign(SegmentRange range, Role role, boolean journalled, long epoch) {
        Waiting.lock(roleLock.writeLock());
        try {
            List<SegmentRole> before = roles;
            if (before.stream().anyMatch(held -> range.contains(held.segment()) && held.epoch() >= epoch)) {
                return false;
            }
            roles = IntStream.range(0, SegmentRange.ALL.size())
                    .mapToObj(segment -> range.contains(segment)
                            ? new SegmentRole(segment, role, journalled, epoch)
                            : before.isEmpty() ? new SegmentRole(segment, Role.SHADOW, false, 0) : before.get(segment))
                    .toList();
            return true;
        } finally {
            Waiting.unlock(roleLock.writeLock());
        }
    }
}
