package dev.migrate.backfill;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.backfill.Backfill.Point;
import dev.migrate.backfill.Throttle.Moment;
import dev.migrate.internal.option.SameKeys;
import dev.migrate.internal.pace.GivingWay;
import dev.migrate.internal.write.Cover;
import dev.migrate.side.SideBooks;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.ChunkCopy;
import dev.migrate.table.Chunks;
import dev.migrate.table.Chunks.Chunk;
import dev.migrate.table.Chunks.Claim;
import dev.migrate.table.Chunks.State;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RowRefusedException;
import dev.migrate.table.TableKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link Backfill#run}, or of one of its parts: {@link Backfill#plan} and {@link Backfill#copy}.
 *
 * <p>The end is frozen when the backfill begins: rows that come later come through the routers, and a table that grows is still
 * finished (each boundary is asked for within the frozen end, never beyond). A chunk goes
 *
 * <pre>
 * OPEN   -- one target transaction: the rows, and the note --&gt;  COPIED  -- owe again, open reviews --&gt;  DONE
 * </pre>
 *
 * <p>Between reading a row from legacy and its commit in the target, the row may be written or deleted in legacy, and that copy may
 * reach the target first. Therefore, after the commit, every key of the chunk that is in legacy's journal, or else in the target's
 * ledger, is owed once more under a new version: asked in this order, because a copy enters the ledger before it leaves the journal.
 * A chunk that is found COPIED repeats the owing, which is harmless. Nothing here depends on a clock: a claim's end only decides who
 * tries, the token decides who may commit.
 */
final class BackfillRun {
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(100);
    private static final Duration LONG_AGO = Duration.ofDays(1);

    private final Backfill backfill;
    private final Migration migration;
    private final String worker;
    private final BoundMapping mapping;
    private final long generation;
    private final Chunks chunks;
    private final SideBooks journal;
    private final SideBooks ledger;
    private final OwingAgain owing;
    private final GivingWay givingWay;
    private final Refusals refusals;
    private final ChunkSize size;
    private final long begun;
    private final ReadRows readRows;

    BackfillRun(Backfill backfill, String worker) {
        this.backfill = backfill;
        this.migration = backfill.migration;
        this.worker = worker;
        this.begun = migration.nanoTime();
        migration.refresh();
        requireCover();
        SameKeys.require(backfill.legacy, backfill.target);
        this.mapping = backfill.mapping.bind(backfill.legacy.shape(), backfill.target.shape());
        this.generation = Cover.generation(migration);
        this.chunks = backfill.target.chunks(migration.name(), generation);
        this.journal = backfill.legacy.books(migration.name(), Side.LEGACY);
        requireRouter(journal);
        this.ledger = backfill.target.books(migration.name(), Side.TARGET);
        this.owing = new OwingAgain(backfill, journal, ledger);
        this.refusals = new Refusals(backfill, chunks);
        this.size = new ChunkSize(backfill.chunkRows, backfill.chunkTime);
        Moment moment = Moment.of(migration.time(), journal::debt);
        this.readRows = new ReadRows(migration, backfill.target.name(), chunks);
        this.givingWay = new GivingWay(
                backfill.orders,
                backfill.legacy.records(),
                journal,
                () -> Throttle.closedBecause(backfill.throttles, moment, backfill.staleAfter),
                backfill.pause,
                readRows::tell);
    }

    private Chunks.Run beginning() throws Exception {
        requireCover();
        new Cover(migration, backfill.legacy.records()).awaitBegun(journal, backfill.pause);
        requireGates();
        migration.needPart(backfill.part());
        return begin();
    }

    /** Plans what is not planned yet; a claim that has run out when it is made, by any node's clock, leaves a chunk to whoever comes. */
    List<PlannedChunk> planAll() throws Exception {
        @Nullable String last = beginning().last();
        Instant now = migration.time().instant();
        Claim over = new Claim(worker, now, now.minus(LONG_AGO));
        if (last != null) {
            Optional<Chunk> latest = chunks.latest();
            while (latest.filter(chunk -> chunk.upTo().equals(last)).isEmpty()) {
                latest = plan(latest, last, over).or(chunks::latest);
            }
        }
        return chunks.unfinished().stream()
                .map(number -> new PlannedChunk(subject(), generation, number))
                .toList();
    }

    /** Copies one chunk, unless it is done or somebody else's. */
    PlannedChunk.Result copy(PlannedChunk planned) throws Exception {
        requireOwn(planned);
        readRows.expect(chunks.find().map(Chunks.Run::expectedRows).orElse(0L));
        givingWay.beforeNext();
        requireNoInterruption();
        Optional<Chunk> claimed = chunks.claim(planned.number(), claim());
        if (claimed.isPresent()) {
            process(claimed.get());
            return PlannedChunk.Result.COPIED;
        }
        Chunk held = chunks.find(planned.number())
                .orElseThrow(
                        () -> new MigrationException(
                                "chunk " + planned.number() + " given to copy(..) of " + backfill
                                        + " is not in the target's database; was it planned for another database? plan() again"));
        return held.state() == State.DONE ? PlannedChunk.Result.ALREADY_DONE : PlannedChunk.Result.HELD;
    }

    private void requireOwn(PlannedChunk planned) {
        if (!planned.subject().equals(subject())) {
            throw new MigrationException("a chunk given to copy(..) of " + backfill + " must be of '" + subject()
                    + "', but was of '" + planned.subject() + "'");
        }
        if (planned.generation() != generation) {
            throw new MigrationException("chunk " + planned.number() + " given to copy(..) of " + backfill
                    + " was planned before the migration left LEGACY_ONLY the last time; plan() again");
        }
    }

    private String subject() {
        return migration.name() + "/" + backfill.target.records();
    }

    BackfillReport go() throws Exception {
        Chunks.Run run = beginning();
        backfill.probe.accept(Point.BEGUN);
        refusals.tryAgain();
        readRows.begin(run.expectedRows());
        givingWay.beforeNext();
        for (Optional<Chunk> next = next(run); next.isPresent(); next = next(run)) {
            process(next.get());
            readRows.tell(null);
            givingWay.beforeNext();
        }
        backfill.target.advanceGeneratedKeys();
        long leftOut = refusals.settle();
        if (leftOut == 0) {
            migration.releasePart(backfill.part(), "all rows are there");
        }
        Chunks.Progress all = chunks.progress();
        readRows.done(all);
        return new BackfillReport(
                migration.name(),
                backfill.target.name(),
                all.read(),
                all.written(),
                all.read() - all.written() - leftOut,
                leftOut,
                all.done(),
                owing.owed(),
                Duration.ofNanos(migration.nanoTime() - begun));
    }

    /** What was begun was let through then. */
    private void requireGates() throws Exception {
        if (chunks.find().isPresent()) {
            return;
        }
        for (Gate gate : backfill.gates) {
            Optional<String> why = gate.closedBecause();
            if (why.isPresent()) {
                throw new MigrationException(
                        backfill + " was not begun, because a gate(..) of it is closed: " + why.get());
            }
        }
    }

    static Optional<String> unfinished(Chunks chunks) {
        Optional<Chunks.Run> run = chunks.find();
        if (run.isEmpty()) {
            return Optional.of("it was not begun");
        }
        // In this order: chunks that are planned in between are counted as not done.
        String last = run.get().last();
        boolean isPlanned = last == null
                || chunks.latest().filter(chunk -> chunk.upTo().equals(last)).isPresent();
        Chunks.Progress progress = chunks.progress();
        return isPlanned && progress.done() == progress.planned()
                ? Optional.empty()
                : Optional.of(progress.read() + " of about " + run.get().expectedRows() + " rows are copied");
    }

    private Chunks.Run begin() throws Exception {
        Optional<Chunks.Run> begunBefore = chunks.find();
        if (begunBefore.isPresent()) {
            return begunBefore.get();
        }
        @Nullable TableKey last = backfill.legacy.last().orElse(null);
        long rows = last == null ? 0 : backfill.legacy.count(new KeyRange(null, last));
        return chunks.begin(new Chunks.Run(last == null ? null : backfill.legacy.formatCursor(last), rows));
    }

    /** A chunk that is claimed for this run; empty when all are done. */
    private Optional<Chunk> next(Chunks.Run run) throws Exception {
        while (true) {
            requireNoInterruption();
            Optional<Chunk> abandoned = chunks.claim(claim());
            if (abandoned.isPresent()) {
                return abandoned;
            }
            if (run.last() == null) {
                return Optional.empty();
            }
            Optional<Chunk> latest = chunks.latest();
            if (latest.filter(chunk -> chunk.upTo().equals(run.last())).isEmpty()) {
                Optional<Chunk> planned = plan(latest, run.last(), claim());
                if (planned.isPresent()) {
                    return planned;
                }
            } else if (unfinished(chunks).isEmpty()) {
                return Optional.empty();
            } else {
                backfill.pause.accept(backfill.lease.dividedBy(10));
            }
        }
    }

    private void requireNoInterruption() {
        if (Thread.currentThread().isInterrupted()) {
            throw new BackfillInterruptedException(
                    backfill + " was interrupted; call run() again, and it goes on where it stood");
        }
    }

    private Optional<Chunk> plan(Optional<Chunk> latest, String last, Claim claim) throws Exception {
        @Nullable String after = latest.map(Chunk::upTo).orElse(null);
        KeyRange rest = new KeyRange(after == null ? null : cursor(after), cursor(last));
        String upTo = backfill.legacy
                .boundary(rest, size.rows())
                .map(backfill.legacy::formatCursor)
                .orElse(last);
        Optional<Chunk> planned = chunks.plan(latest.map(Chunk::number).orElse(0) + 1, after, upTo, claim);
        backfill.probe.accept(Point.PLANNED);
        return planned;
    }

    private Claim claim() {
        Instant now = migration.time().instant();
        return new Claim(worker, now, now.plus(backfill.lease));
    }

    private void process(Chunk chunk) throws Exception {
        backfill.probe.accept(Point.CLAIMED);
        int ticket = migration.enter();
        try {
            requireCover();
            Copied copied = chunk.state() == State.OPEN ? copy(chunk) : new Copied(chunk, null);
            backfill.probe.accept(Point.COPIED);
            if (copied.written() == null) {
                owing.owe(range(copied.chunk()));
            } else {
                owing.owe(copied.written());
            }
            backfill.probe.accept(Point.OWED);
            refusals.review(copied.chunk());
            backfill.probe.accept(Point.REVIEWED);
            if (!chunks.finish(copied.chunk())) {
                throw overtaken(copied.chunk());
            }
            backfill.probe.accept(Point.DONE);
        } finally {
            migration.exit(ticket);
        }
    }

    private record Copied(Chunk chunk, @Nullable List<TableKey> written) {}

    /** Tries again what a row or the database refused: a fresh look at legacy, or fewer rows, may be all that it needs. Only the last leaves rows out. */
    private Copied copy(Chunk claimed) throws Exception {
        Chunk chunk = claimed;
        int failures = 0;
        for (int attempt = 1; ; attempt++) {
            try {
                chunk = failures < 2 ? chunk : halved(chunk);
                return copyOnce(chunk, attempt == backfill.attempts ? backfill.mostRefused : 0);
            } catch (Exception failure) {
                if (!mayPass(failure) || attempt == backfill.attempts) {
                    chunks.release(chunk, failure.getClass().getSimpleName());
                    throw failure;
                }
                failures = failure instanceof RowRefusedException ? 0 : failures + 1;
                backfill.pause.accept(BETWEEN_ATTEMPTS.multipliedBy(attempt));
            }
        }
    }

    private Copied copyOnce(Chunk chunk, int mostRefused) throws Exception {
        ChunkCopy copy = new ChunkCopy(
                migration.name(),
                generation,
                backfill.legacy,
                mapping,
                range(chunk),
                ledger,
                chunk,
                mostRefused,
                () -> backfill.probe.accept(Point.WRITTEN));
        long from = migration.nanoTime();
        ChunkCopy.Result result = backfill.target.copy(copy);
        size.took(result.read(), Duration.ofNanos(migration.nanoTime() - from));
        readRows.add(result.read());
        backfill.throttles.forEach(
                throttle -> throttle.copied(result.read(), migration.time().instant()));
        return new Copied(chunk, result.written());
    }

    /** The second half of a chunk; the first is left to whoever comes to it. */
    private Chunk halved(Chunk chunk) throws Exception {
        if (!size.adapts()) {
            return chunk;
        }
        KeyRange range = range(chunk);
        int half = (int) Math.min(ChunkSize.MOST, backfill.legacy.count(range) / 2);
        if (half < ChunkSize.FEWEST) {
            return chunk;
        }
        size.failed();
        return backfill.legacy
                .boundary(range, half)
                .flatMap(at -> chunks.split(chunk, backfill.legacy.formatCursor(at)))
                .orElse(chunk);
    }

    private KeyRange range(Chunk chunk) {
        return new KeyRange(chunk.after() == null ? null : cursor(chunk.after()), cursor(chunk.upTo()));
    }

    private static boolean mayPass(Exception failure) {
        return failure instanceof RowRefusedException
                || !(failure instanceof RuntimeException || failure instanceof InterruptedException);
    }

    private MigrationException overtaken(Chunk chunk) {
        return new MigrationException("chunk " + chunk.number() + " of " + backfill
                + " was taken over by another worker; nothing is lost: call run() again, or let the other go on");
    }

    private TableKey cursor(String text) {
        return backfill.legacy.parseCursor(text);
    }

    private void requireCover() {
        Position at = migration.view().position();
        boolean isCovered = at.stage() != Stage.LEGACY_ONLY && at.compareTo(Position.of(Stage.SHADOW)) <= 0;
        if (!isCovered) {
            throw new MigrationException(
                    backfill + " may run between DUAL_WRITE and SHADOW, but the migration stands at "
                            + at
                            + (at.stage() == Stage.LEGACY_ONLY
                                    ? "; step to DUAL_WRITE first, so that writes of copied rows are not lost"
                                    : "; the target is already authoritative for some keys: what it lacks is found by a"
                                            + " reconciliation"));
        }
    }

    /** A table under another name than its router's would look into a journal that nobody writes. */
    private void requireRouter(SideBooks journal) {
        if (journal.roles().isEmpty()) {
            throw new MigrationException(
                    backfill + " must run beside the router that writes its table, but no router has ever written"
                            + " records '" + backfill.legacy.records()
                            + "' in legacy's database; build the router first, and give the tables"
                            + " its name with records(..)");
        }
    }
}
