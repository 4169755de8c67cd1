package dev.migrate.jdbc;

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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    private static final int HASTENED = 500;
    static final Duration LOCK_PATIENCE = Duration.ofSeconds(5);

    private final BookId id;
    private final BookStatements statements;
    private final Journal journal;
    private final KeyLookup lookup;
    private final Admission admission;
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
        this.statements = new BookStatements(id, binding);
        this.journal = new Journal(id, dialect);
        this.lookup = new KeyLookup(journal, statements);
        this.admission = new Admission(statements, dialect, time);
        this.intentRows = new IntentRows(id);
        this.intents = new JdbcIntents(id, binding, dialect, time);
        this.owedKeys = new JdbcOwedKeys(id, statements, lookup);
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
        return admission.admit(key, segment, owe);
    }

    @Override
    public boolean admitsAtCommit() {
        return dialect.admitsWithCommit();
    }

    @Override
    public void admitAtCommit(
            String key, int segment, boolean owe, Function<RefusedWriteException, RuntimeException> refused) {
        if (!admission.isLeftToCommit(key, segment, owe, refused)) {
            SideBooks.super.admitAtCommit(key, segment, owe, refused);
        }
    }

    @Override
    public Version admitInOrder(String key, int segment) {
        return admission.admitInOrder(key, segment);
    }

    @Override
    public Acceptance accept(String key, int segment, Version version, boolean deleted) {
        StorableText.key(key);
        return statements.partOfTransaction("accept a copy", connection -> {
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

    @Override
    public void owe(Collection<Key> keys, Instant notBefore) {
        admission.owe(keys, notBefore);
    }

    @Override
    public Optional<Version> owed(String key) {
        return lookup.owed(key);
    }

    @Override
    public Map<String, Version> owed(Collection<String> keys) {
        return lookup.owed(keys);
    }

    @Override
    public Set<String> owedAmong(Collection<String> keys) {
        return lookup.among("migrate_journal", "", keys);
    }

    @Override
    public Set<String> heldAmong(Collection<String> keys) {
        return lookup.among("migrate_ledger", "", keys);
    }

    @Override
    public List<LedgerKey> ledger(@Nullable String after, int limit) {
        return ledger(null, after, limit);
    }

    @Override
    public List<LedgerKey> ledgerSince(Version version, @Nullable String after, int limit) {
        return ledger(version, after, limit);
    }

    private List<LedgerKey> ledger(@Nullable Version since, @Nullable String after, int limit) {
        return statements.statement(
                "list the ledger", connection -> LedgerRows.page(connection, id, since, after, limit));
    }

    @Override
    public Version drawVersion() {
        return new Version(
                SegmentRole.earliestEpoch(roles(), this), statements.ownTransaction("draw a number", dialect::draw));
    }

    @Override
    public boolean settle(String key, Version copied) {
        return statements.statement("settle a debt", connection -> journal.settle(connection, key, copied));
    }

    @Override
    public Set<String> settle(Map<String, Version> copied) {
        Set<String> settled = new HashSet<>();
        KeyLookup.inParts(
                copied.keySet(),
                some -> settled.addAll(
                        statements.statements("settle debts", connection -> journal.settle(connection, some, copied))));
        return settled;
    }

    @Override
    public void postpone(String key, Version attempted, FailedAttempt failed) {
        statements.statement("postpone a debt", connection -> {
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
        return statements.ownTransaction(
                "claim debts",
                connection -> journal.claim(connection, worker, limit, UtcTime.of(now), UtcTime.of(now.plus(lease))));
    }

    @Override
    public Optional<Owed> claim(String worker, String key, Instant now, Duration lease) {
        StorableText.check("the name of a worker", worker);
        return statements.ownTransaction(
                "claim a debt",
                connection -> journal.claim(connection, worker, key, UtcTime.of(now), UtcTime.of(now.plus(lease))));
    }

    @Override
    public void release(String worker, Collection<String> keys) {
        KeyLookup.inParts(
                keys,
                some -> statements.ownTransaction("give claims back", connection -> {
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
        while (statements.ownTransaction("hasten debts", connection -> journal.hasten(connection, range, HASTENED))
                == HASTENED) {
            // There are more.
        }
    }

    @Override
    public Intents intents() {
        return intents;
    }

    @Override
    public Repairs repairs() {
        return new JdbcRepairs(id, statements);
    }

    /** Intents first: one that is ended in between is in the journal by then. */
    @Override
    public Debt debt(SegmentRange range) {
        Debt begun = statements.statement("count writes", connection -> intentRows.debt(connection, range));
        return owedKeys.debt(range).plus(begun);
    }

    @Override
    public List<SegmentRole> roles() {
        return statements.statement("read the roles", connection -> RoleRows.read(connection, id));
    }

    @Override
    public boolean isReadable(int segment) {
        return statements.statement("read a role", connection -> RoleRows.isReadable(connection, id, segment));
    }

    @Override
    public boolean assign(SegmentRange range, Role role, boolean journalled, long epoch) {
        return assignment.assign(range, role, journalled, epoch);
    }

    private LocalDateTime now() {
        return UtcTime.of(time.instant());
    }

    @Override
    public String toString() {
        return "JdbcSideBooks[" + id + " in " + dialect.product() + "]";
    }
}
