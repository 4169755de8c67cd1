package dev.migrate.reconcile;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Version;
import dev.migrate.reconcile.RepairReport.Line;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.reconcile.RowWrite.NoLongerAsExpected;
import dev.migrate.side.Dismissal;
import dev.migrate.side.RepairedRow;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.side.SideBooks.SegmentRole;
import dev.migrate.table.Fields;
import dev.migrate.table.Row;
import dev.migrate.table.TableKey;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts back one row that a repair has written.
 *
 * <p>Where the side is authoritative, that is a write as any other: admitted, and owed to the shadow. Where it is the shadow, the row comes to
 * differ from the authoritative one, on purpose. Two versions are drawn for that, with the authoritative row looked at in between: the first is that of
 * the row that is put back; the second stays in the journal as a dismissed debt, which bars a handover of the segment until a copy of the
 * key has arrived, and which any write of the key and {@link SideBooks#retry} end. Whatever is written meanwhile has a later version than either, and
 * wins. Where the undoing stops half-way, the key is owed or dismissed, and nothing is lost.
 */
final class RowUndo {
    private final Comparing comparing;
    private final String run;
    private final String why;
    private final Map<Side, List<SegmentRole>> roles = new EnumMap<>(Side.class);
    private int lines;

    /** Undoes rows, under the name of one run. */
    RowUndo(Comparing comparing, String run, String why) {
        this.comparing = comparing;
        this.run = run;
        this.why = why;
        for (Side side : Side.values()) {
            roles.put(side, comparing.books(side).roles());
        }
    }

    String run() {
        return run;
    }

    Line undo(Side side, RepairedRow repaired) throws Exception {
        lines++;
        if (repaired.undoneBy() != null) {
            return line(repaired, Outcome.CHANGED, "it was undone before");
        }
        TableKey key = comparing.table(side).parseCursor(repaired.cursor());
        @Nullable Row across = row(
                side.other(), key); // before the journal is asked: a write that comes later is seen to have changed it
        if (!comparing.owed(List.of(key)).isEmpty()) {
            return line(repaired, Outcome.CHANGED, "a copy of it is on its way");
        }
        try {
            Optional<String> left = comparing.authoritative(key) == side
                    ? writeAuthoritative(side, key, repaired)
                    : putBackInShadow(side, key, across, repaired);
            return left.map(reason -> line(repaired, Outcome.CHANGED, reason))
                    .orElseGet(() -> line(repaired, Outcome.UNDONE, ""));
        } catch (InterruptedException interrupted) {
            throw interrupted;
        } catch (Exception refused) {
            return line(repaired, Outcome.FAILED, refused.getClass().getSimpleName());
        }
    }

    private Optional<String> writeAuthoritative(Side side, TableKey key, RepairedRow repaired) throws Exception {
        Stage stage = comparing.migration.stageOf(comparing.legacy.partition(key));
        SideBooks books = comparing.books(side);
        try {
            books.inTransaction(() -> {
                putBack(side, key, repaired);
                return books.admit(key.canonical(), comparing.segment(key), stage.writesShadow());
            });
            return Optional.empty();
        } catch (NoLongerAsExpected changed) {
            return Optional.of("it has been changed since");
        } catch (Exception failure) {
            if (failure instanceof RefusedWriteException
                    || books.refusal(failure).isPresent()) {
                return Optional.of("authority over it is being handed over");
            }
            throw failure;
        }
    }

    private Optional<String> putBackInShadow(Side shadow, TableKey key, @Nullable Row across, RepairedRow repaired)
            throws Exception {
        SideBooks authority = comparing.books(shadow.other());
        int segment = comparing.segment(key);
        List<SegmentRole> all = Objects.requireNonNull(roles.get(shadow.other()));
        if (all.isEmpty() || !all.get(segment).journalled()) {
            return Optional.of(
                    "later writes of it would not be copied; let the step to a stage that writes both sides end first");
        }
        Drawn drawn;
        try {
            drawn = draw(authority, shadow.other(), key, across);
        } catch (RefusedWriteException moved) {
            return Optional.of("authority over it is being handed over");
        } catch (NoLongerAsExpected changed) {
            return Optional.of("it is written at this moment");
        }
        leave(authority, key, drawn.left()); // again, for books that show a debt only once it is committed
        SideBooks books = comparing.books(shadow);
        try {
            Acceptance acceptance = books.inTransaction(() -> {
                Acceptance answer = books.accept(key.canonical(), segment, drawn.putBack(), repaired.before() == null);
                if (answer == Acceptance.ACCEPTED) {
                    putBack(shadow, key, repaired);
                    if (repaired.before() == null
                            && !authority.owed(key.canonical()).equals(Optional.of(drawn.left()))) {
                        throw new NoLongerAsExpected(); // a cascade may have taken along what came after that write
                    }
                }
                return answer;
            });
            if (acceptance == Acceptance.ACCEPTED) {
                return Optional.empty();
            }
        } catch (NoLongerAsExpected changed) {
            // The journal copies it, as below.
        } catch (Exception failure) {
            authority.retry(key.canonical());
            throw failure;
        }
        authority.retry(key.canonical());
        return Optional.of("it has been changed since");
    }

    /** The version of the row that is put back, and the later one of the debt that stays. */
    private record Drawn(Version putBack, Version left) {}

    /** From the first version on nobody else's write of the key commits; so nothing that was written before is left out by the second. */
    private Drawn draw(SideBooks authority, Side side, TableKey key, @Nullable Row before) throws Exception {
        int segment = comparing.segment(key);
        return authority.inTransaction(() -> {
            Version putBack = authority.admit(key.canonical(), segment, true);
            if (!new RowPair(before, null).isUnchanged(Side.LEGACY, row(side, key))) {
                throw new NoLongerAsExpected();
            }
            Version left = authority.admit(key.canonical(), segment, true);
            leave(authority, key, left);
            return new Drawn(putBack, left);
        });
    }

    /** The debt is dismissed, where it still has the version: one that was written since is not parked. */
    private void leave(SideBooks authority, TableKey key, Version version) {
        Instant now = comparing.migration.time().instant();
        authority.postpone(key.canonical(), version, now, "a repair was undone", true);
        authority.owedKeys().dismiss(key.canonical(), new Dismissal(comparing.migration.operator(), why, now));
    }

    private @Nullable Row row(Side side, TableKey key) throws Exception {
        return comparing.table(side).find(List.of(key)).get(key.canonical());
    }

    private void putBack(Side side, TableKey key, RepairedRow repaired) throws Exception {
        @Nullable Fields fields =
                RowWrite.writable(repaired.before(), comparing.table(side).shape());
        new RowWrite(comparing, run, lines, why, repaired.run())
                .write(side, key, row -> RowImage.isOf(repaired.after(), row), fields);
        if (!comparing.books(side).repairs().undone(repaired.run(), repaired.line(), run)) {
            throw new NoLongerAsExpected();
        }
    }

    private static Line line(RepairedRow repaired, Outcome outcome, String note) {
        return new Line(repaired.key(), outcome, note);
    }
}
