package dev.migrate.reconcile;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.reconcile.RepairPlan.Item;
import dev.migrate.reconcile.RepairReport.Line;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.reconcile.RowWrite.NoLongerAsExpected;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.side.SideBooks.SegmentRole;
import dev.migrate.table.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Repairs one row.
 *
 * <p>The shadow is written as any copy is: the key is owed by the authoritative side, so that the repair has a version; then the
 * authoritative row is read, never before; then the version is moved in the shadow's ledger and the row is written, in one transaction.
 * What was written in between has a later version and wins, whichever comes first. Where the repair stops half-way, the key stays
 * owed and the journal's worker does the rest. Nothing is copied before the authoritative side itself knows that writes are owed: nobody would copy
 * what is written later. The authoritative side is written as any write is: admitted, and owed to the shadow.
 *
 * <p>On either side the row is locked, written only where it is as it was planned, and kept as it was, in the same transaction.
 */
final class RowRepair {
    /** For so long the journal's worker leaves the key to the repair. */
    private static final Duration HEAD_START = Duration.ofSeconds(30);

    /** The key has moved on from the delete that was to be repaired. */
    private static final class WrittenAgain extends Exception {
        private static final long serialVersionUID = 1L;
    }

    private final Comparing comparing;
    private final String run;
    private final String why;
    private final Map<Side, List<SegmentRole>> roles = new EnumMap<>(Side.class);
    private int lines;

    /** Repairs rows, under the name of one run. */
    RowRepair(Comparing comparing, String run, String why) {
        this.comparing = comparing;
        this.run = run;
        this.why = why;
        for (Side side : Side.values()) {
            roles.put(side, comparing.books(side).roles());
        }
    }

    Line apply(Item item) throws Exception {
        lines++;
        if (!isAsPlanned(item)) {
            return line(item, Outcome.CHANGED, "it is no longer as it was planned");
        }
        boolean isCopy = item.authoritative() == item.right();
        if (isCopy && !owesWrites(item)) {
            return line(
                    item,
                    Outcome.FAILED,
                    "later writes of it would not be copied, and it would grow stale; let the step to a stage that writes both sides end first");
        }
        try {
            Optional<String> left = isCopy ? copyToShadow(item) : writeAuthoritative(item);
            return left.map(why -> line(item, Outcome.CHANGED, why)).orElseGet(() -> verified(item));
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception refused) {
            return line(item, Outcome.FAILED, describe(refused));
        }
    }

    private boolean owesWrites(Item item) {
        List<SegmentRole> all = Objects.requireNonNull(roles.get(item.authoritative()));
        return !all.isEmpty() && all.get(comparing.segment(item.key())).journalled();
    }

    private boolean isAsPlanned(Item item) throws Exception {
        RowPair now = read(item);
        return comparing.authoritative(item.key()) == item.authoritative()
                && now.isUnchanged(Side.LEGACY, item.seen())
                && now.isUnchanged(Side.TARGET, item.seen())
                && comparing.owed(List.of(item.key())).isEmpty();
    }

    private RowPair read(Item item) throws Exception {
        return Objects.requireNonNull(
                comparing.read(List.of(item.key())).get(item.key().canonical()));
    }

    /** Empty where the row was written; else why it was left to the journal. */
    private Optional<String> copyToShadow(Item item) throws Exception {
        String key = item.key().canonical();
        int segment = comparing.segment(item.key());
        SideBooks authority = comparing.books(item.right());
        Side shadow = item.line().writes();
        Instant later = comparing.migration.time().instant().plus(HEAD_START);
        if (!owe(authority, new SideBooks.Key(key, segment), later)) {
            return Optional.of("authority over it is being handed over");
        }
        Optional<Version> version = authority.owed(key);
        if (version.isEmpty()) {
            return Optional.of("it was copied meanwhile");
        }
        RowPair now = read(item);
        if (!now.isUnchanged(item.right(), item.seen())) {
            return Optional.of(leftToJournal(authority, key));
        }
        @Nullable Row right = now.on(item.right());
        SideBooks books = comparing.books(shadow);
        Acceptance acceptance;
        try {
            acceptance = books.inTransaction(() -> {
                Acceptance answer = books.accept(key, segment, version.get(), right == null);
                if (answer == Acceptance.ACCEPTED) {
                    write(item, shadow, right);
                    if (right == null && !authority.owed(key).equals(version)) {
                        throw new WrittenAgain(); // a cascade may have taken along what came after that write
                    }
                }
                return answer;
            });
        } catch (WrittenAgain | NoLongerAsExpected movedOn) {
            return Optional.of(leftToJournal(authority, key));
        }
        if (acceptance == Acceptance.NOT_SHADOW) {
            return Optional.of("the side is not the shadow for this key");
        }
        authority.settle(key, version.get());
        return acceptance == Acceptance.OVERTAKEN
                ? Optional.of("a later write was copied meanwhile")
                : Optional.empty();
    }

    private static String leftToJournal(SideBooks authority, String key) {
        authority.retry(key);
        return "it was written meanwhile, and the journal copies it";
    }

    /** In a transaction, so that the side checks its role: one that is no longer the authority could never have the key copied. */
    private static boolean owe(SideBooks authority, SideBooks.Key key, Instant later) throws Exception {
        try {
            return authority.inTransaction(() -> {
                authority.owe(List.of(key), later);
                return true;
            });
        } catch (RefusedWriteException moved) {
            return false;
        }
    }

    private Optional<String> writeAuthoritative(Item item) throws Exception {
        Side side = item.line().writes();
        @Nullable Row right = item.seen().on(item.right());
        Stage stage = comparing.migration.stageOf(comparing.legacy.partition(item.key()));
        SideBooks books = comparing.books(side);
        try {
            return books.inTransaction(() -> {
                write(item, side, right);
                books.admit(item.key().canonical(), comparing.segment(item.key()), stage.writesShadow());
                return Optional.<String>empty();
            });
        } catch (NoLongerAsExpected changed) {
            return Optional.of("it is no longer as it was planned");
        } catch (Exception failure) {
            if (failure instanceof RefusedWriteException
                    || books.refusal(failure).isPresent()) {
                return Optional.of("authority over it is being handed over");
            }
            throw failure;
        }
    }

    private void write(Item item, Side side, @Nullable Row right) throws Exception {
        new RowWrite(comparing, run, lines, why, null)
                .write(
                        side,
                        item.key(),
                        row -> item.seen().isUnchanged(side, row),
                        right == null ? null : comparing.mapping.to(side, right.fields()));
    }

    private Line verified(Item item) {
        try {
            boolean isRight = comparing.difference(item.key(), read(item)).isEmpty();
            return isRight
                    ? line(item, Outcome.REPAIRED, "")
                    : comparing.owed(List.of(item.key())).isEmpty()
                            ? line(item, Outcome.FAILED, "it still differs after it was written")
                            : line(item, Outcome.CHANGED, "it was written again meanwhile");
        } catch (Exception unread) {
            return line(item, Outcome.FAILED, "it was written, but could not be read again: " + describe(unread));
        }
    }

    private static String describe(Exception failure) {
        return failure.getClass().getSimpleName();
    }

    private static Line line(Item item, Outcome outcome, String note) {
        return new Line(item.key().canonical(), outcome, note);
    }
}
