package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.FailedAttempt;
import dev.migrate.side.Intents;
import dev.migrate.side.Owed;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.Repairs;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The books of one side in its own database.
 *
 * <p>Three kinds of statements. What belongs to a write or a copy ({@link #admit}, {@link #accept}) runs in the thread's transaction and
 * nowhere else; whatever fails there dooms it, because a half-made write that an application could still commit would be a lost
 * one. What a worker does ({@link #claim}, {@link #assign}) has a transaction of its own, committed before it returns. All else
 * joins the thread's transaction where there is one.
 *
 * <p>A new version of a key that is already owed is a new debt with the age of the first: {@code since} and the last error stay, while
 * attempts, back-off, parking and claim are forgotten, because they belong to a value that is no longer there. So a key that was parked for a value
 * that the shadow could not take is copied by itself once the value is corrected; a key that fails at every write is tried as
 * often as it is written, and its age goes on to tell.
 */
final class JdbcSideBooks implements SideBooks {
    private static final int KEYS_PER_STATEMENT = 500;
    private static final int FEW_KEYS = 2_000;
    private static final int HASTENED = 500;
    static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    private final BookId id;
    private final Journal journal;
    private final IntentRows intentRows;
    private final JdbcIntents intents;
    private final JdbcOwedKeys owedKeys;
    private final TransactionBinding binding;
    private final Dialect dialect;
    private final InstantSource time;
    private final RoleAssignment assignment;
    private final CopyMarks marks;

    JdbcSideBooks(BookId id, TransactionBinding binding, Dialect dialect, InstantSource time) {
        this(id, binding, dialect, time, LOCK_PATIENCE);
    }

    /**
     * Books that give up a handover's lock at another time.
     *
     * @param lockPatience for how long all attempts together wait
     */
    JdbcSideBooks(BookId id, TransactionBinding binding, Dialect dialect, InstantSource time, Duration lockPatience) {
        this.id = id;
        this.journal = new Journal(id, dialect);
        this.intentRows = new IntentRows(id);
        this.intents = new JdbcIntents(id, binding, dialect, time);
        this.owedKeys = new JdbcOwedKeys(id, this);
        this.binding = binding;
        this.dialect = dialect;
        this.time = time;
        this.assignment = new RoleAssignment(id, binding, dialect, lockPatience);
        this.marks = new CopyMarks(binding, dialect);
        Untested.warn(toString(), dialect);
    }

    @Override
    public boolean isDurable() {
        return true;
    }

    @Override
    public <T extends @Nullable Object> T inTransaction(Work<T> work) throws Exception {
        return dialect.marksSessions() ? binding.execute(() -> marks.endAfter(work)) : binding.execute(work);
    }

    @Override
    public boolean isInTransaction() {
        return binding.isActive();
    }

    @Override
    public void afterCommit(Runnable action) {
        binding.afterCommit(action);
    }

    @Override
    public boolean seesCommit() {
        return binding.seesCommit();
    }

    @Override
    public Version admit(String key, int segment, boolean owe) {
        StorableText.key(key);
        Optional<Version> admitted = partOfTransaction("admit a write", connection -> {
            if (owe) {
                LocalDateTime now = now();
                return dialect.admit(connection, id, new Key(key, segment), now, now, false);
            }
            return dialect.admitWithoutJournal(connection, id, segment) ? Optional.of(Version.NONE) : Optional.empty();
        });
        return admitted.orElseThrow(() -> doomed(refusal(segment, owe)));
    }

    @Override
    public Version admitInOrder(String key, int segment) {
        StorableText.key(key);
        Optional<Version> admitted = partOfTransaction(
                "admit an operation", connection -> dialect.admitInOrder(connection, id, new Key(key, segment), now()));
        return admitted.orElseThrow(() -> doomed(refusal(segment, true)));
    }

    private RefusedWriteException refusal(int segment, boolean owe) {
        return new RefusedWriteException(
                id + " refuses to write in segment " + segment + ": at this moment the side is not authoritative for it"
                        + (owe ? "" : ", or its writes are copied to the other side and this node does not know it yet")
                        + "; roll back, refresh the migration, and begin the transaction again on the side that is");
    }

    @Override
    public Acceptance accept(String key, int segment, Version version, boolean deleted) {
        StorableText.key(key);
        return partOfTransaction("accept a copy", connection -> {
            CopyMarks.begun();
            return dialect.accept(connection, id, new Key(key, segment), version, deleted);
        });
    }

    @Override
    public Optional<RefusedWriteException> refusal(Throwable failure) {
        return SqlFailure.refusedByTrigger(failure)
                .map(why -> new RefusedWriteException(
                        id
                                + " refuses a write: at this moment the side is not authoritative for a row that it concerns;"
                                + " roll back, refresh the migration, and begin the transaction again on the side that is",
                        why));
    }

    /**
     * In the thread's transaction, which holds the rows that were written past the router, owing is refused as the write itself
     * would be. Outside of one the rows stand already: they are owed whatever the role, because a debt in a wrong place can be
     * seen, and one that was never noted cannot.
     */
    @Override
    public void owe(Collection<Key> keys, Instant notBefore) {
        keys.forEach(key -> StorableText.key(key.text()));
        // All in one order, so that two who owe the same keys do not wait for each other.
        List<Key> ordered =
                keys.stream().sorted(Comparator.comparing(Key::text)).toList();
        LocalDateTime from = UtcTime.of(notBefore);
        if (binding.isActive()) {
            oweInTransaction(ordered, from, false);
        } else {
            try {
                binding.execute(() -> {
                    oweInTransaction(ordered, from, true);
                    return true;
                });
            } catch (RuntimeException failure) {
                throw failure;
            } catch (SQLException failure) {
                throw failed("owe keys", failure);
            } catch (Exception failure) {
                throw new MigrationException(id + " could not owe keys: the transaction failed", failure);
            }
        }
    }

    private void oweInTransaction(List<Key> keys, LocalDateTime notBefore, boolean anyRole) {
        Optional<Key> refused = partOfTransaction("owe keys", connection -> {
            LocalDateTime now = now();
            for (Key key : keys) {
                if (dialect.admit(connection, id, key, now, notBefore, anyRole).isEmpty()) {
                    return Optional.of(key);
                }
            }
            return Optional.empty();
        });
        refused.ifPresent(key -> {
            throw doomed(refusal(key.segment(), true));
        });
    }

    @Override
    public Optional<Version> owed(String key) {
        return statement("read a debt", connection -> journal.owed(connection, key));
    }

    @Override
    public Set<String> owedAmong(Collection<String> keys) {
        return among("migrate_journal", "", keys);
    }

    @Override
    public Set<String> heldAmong(Collection<String> keys) {
        return among("migrate_ledger", "", keys);
    }

    @Override
    public List<LedgerKey> ledger(@Nullable String after, int limit) {
        return statement("list the ledger", connection -> LedgerRows.page(connection, id, after, limit));
    }

    /** Many keys are looked up in what is there, where that is little: one question instead of many. */
    Set<String> among(String table, String condition, Collection<String> keys) {
        if (keys.size() > KEYS_PER_STATEMENT) {
            Set<String> first =
                    statement("read keys", connection -> journal.first(connection, table, condition, FEW_KEYS + 1));
            if (first.size() <= FEW_KEYS) {
                first.retainAll(Set.copyOf(keys));
                return first;
            }
        }
        Set<String> found = new HashSet<>();
        inParts(keys)
                .forEach(some -> found.addAll(
                        statement("look keys up", connection -> journal.among(connection, table, condition, some))));
        return found;
    }

    @Override
    public Map<String, Version> owed(Collection<String> keys) {
        Map<String, Version> found = new HashMap<>();
        inParts(keys)
                .forEach(some -> found.putAll(statement("read debts", connection -> journal.owed(connection, some))));
        return found;
    }

    private static List<List<String>> inParts(Collection<String> keys) {
        List<String> all = List.copyOf(keys);
        List<List<String>> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += KEYS_PER_STATEMENT) {
            parts.add(all.subList(from, Math.min(all.size(), from + KEYS_PER_STATEMENT)));
        }
        return parts;
    }

    @Override
    public boolean settle(String key, Version copied) {
        return statement("settle a debt", connection -> journal.settle(connection, key, copied));
    }

    @Override
    public Set<String> settle(Map<String, Version> copied) {
        Set<String> settled = new HashSet<>();
        inParts(copied.keySet())
                .forEach(some -> settled.addAll(
                        statements("settle debts", connection -> journal.settle(connection, some, copied))));
        return settled;
    }

    @Override
    public void postpone(String key, Version attempted, FailedAttempt failed) {
        statement("postpone a debt", connection -> {
            journal.postpone(connection, key, attempted, failed);
            return true;
        });
    }

    @Override
    public boolean isConflict(Throwable failure) {
        return SqlFailure.isOfConflict(failure) || SideBooks.super.isConflict(failure);
    }

    @Override
    public List<Owed> conflicting(Instant around, int limit) {
        return owedKeys.conflicting(around, limit);
    }

    @Override
    public List<Owed> claim(String worker, int limit, Instant now, Duration lease) {
        StorableText.check("the name of a worker", worker);
        return ownTransaction(
                "claim debts",
                connection -> journal.claim(connection, worker, limit, UtcTime.of(now), UtcTime.of(now.plus(lease))));
    }

    @Override
    public Optional<Owed> claim(String worker, String key, Instant now, Duration lease) {
        StorableText.check("the name of a worker", worker);
        return ownTransaction(
                "claim a debt",
                connection -> journal.claim(connection, worker, key, UtcTime.of(now), UtcTime.of(now.plus(lease))));
    }

    @Override
    public void release(String worker, Collection<String> keys) {
        inParts(keys)
                .forEach(some -> ownTransaction("give claims back", connection -> {
                    journal.release(connection, worker, some);
                    return true;
                }));
    }

    @Override
    public List<Owed> parked(int limit) {
        return owedKeys.parked(limit);
    }

    @Override
    public boolean retry(String key) {
        return owedKeys.retry(key, now());
    }

    @Override
    public OwedKeys owedKeys() {
        return owedKeys;
    }

    @Override
    public void hasten(SegmentRange range) {
        while (ownTransaction("hasten debts", connection -> journal.hasten(connection, range, HASTENED)) == HASTENED) {
            // There are more.
        }
    }

    @Override
    public Intents intents() {
        return intents;
    }

    @Override
    public Repairs repairs() {
        return new JdbcRepairs(id, this);
    }

    /** Intents first: one that is ended in between is in the journal by then. */
    @Override
    public Debt debt(SegmentRange range) {
        Debt begun = statement("count writes", connection -> intentRows.debt(connection, range));
        return owedKeys.debt(range).plus(begun);
    }

    @Override
    public List<SegmentRole> roles() {
        return statement("read the roles", connection -> RoleRows.read(connection, id));
    }

    @Override
    public boolean isReadable(int segment) {
        return statement("read a role", connection -> RoleRows.isReadable(connection, id, segment));
    }

    @Override
    public boolean assign(SegmentRange range, Role role, boolean journalled, long epoch) {
        return assignment.assign(range, role, journalled, epoch);
    }

    private LocalDateTime now() {
        return UtcTime.of(time.instant());
    }

    /** Runs statements that belong to the thread's transaction; whatever fails dooms it. */
    <T> T partOfTransaction(String doing, SqlWork<T> work) {
        if (!binding.isActive()) {
            throw new MigrationException(id + " can " + doing
                    + " only inside a transaction of its database; call inTransaction(..) around it");
        }
        try (Connection connection = binding.getConnection()) {
            return work.run(connection);
        } catch (SQLException failure) {
            throw doomed(failed(doing, failure));
        }
    }

    private <X extends MigrationException> X doomed(X failure) {
        binding.doom(failure);
        return failure;
    }

    /** Runs a statement in the thread's transaction, or else in one of its own. */
    <T> T statement(String doing, SqlWork<T> work) {
        try (Connection connection = binding.getConnection()) {
            return binding.isActive() ? work.run(connection) : OwnTransaction.runOne(connection, work);
        } catch (SQLException failure) {
            throw failed(doing, failure);
        }
    }

    /** Runs several statements in the thread's transaction, or else in one of their own. */
    private <T> T statements(String doing, SqlWork<T> work) {
        return binding.isActive() ? statement(doing, work) : ownTransaction(doing, work);
    }

    /** Runs statements in a transaction of their own, committed when this returns. */
    <T> T ownTransaction(String doing, SqlWork<T> work) {
        try (Connection connection = binding.newConnection()) {
            return OwnTransaction.run(connection, work);
        } catch (SQLException failure) {
            throw failed(doing, failure);
        }
    }

    private MigrationException failed(String doing, SQLException failure) {
        return SqlFailure.of(doing + " of " + id, failure);
    }

    @Override
    public String toString() {
        return "JdbcSideBooks[" + id + " in " + dialect.product() + "]";
    }
}
