package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells {@link Reconciliation#changed} which rows have changed. Immutable: every option gives another one.
 *
 * <pre>{@code
 * ChangedRows rows = ChangedRows.by("updated_at").since(beginningOfTheFullPass);
 * }</pre>
 */
public final class ChangedRows {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Duration USUAL = Duration.ofMinutes(10);

    /** The two columns; the target's is null where the mapping says it. */
    record Columns(String legacy, @Nullable String target) {}

    private final @Nullable Columns columns;
    private final Duration overlap;
    private final @Nullable ZoneId legacyZone;
    private final @Nullable ZoneId targetZone;
    private final @Nullable Instant since;

    private ChangedRows(
            @Nullable Columns columns,
            Duration overlap,
            @Nullable ZoneId legacyZone,
            @Nullable ZoneId targetZone,
            @Nullable Instant since) {
        this.columns = columns;
        this.overlap = overlap;
        this.legacyZone = legacyZone;
        this.targetZone = targetZone;
        this.since = since;
    }

    /**
     * Rows of either side whose value in a column says that they were written since the mark. The column has a date and a time of day, and
     * whoever writes the row sets it to the present: a trigger, a default, the application. Rows that have NULL there, or no date that
     * exists, are looked at by every pass.
     *
     * <p><b>What a column does not show.</b> A row that was deleted is gone with its column: {@link Reconciliation#run} finds that. So does it
     * find what was written without setting the column, and what a backfill copies, which sets it to what legacy has.
     *
     * <p>On each side the column is read by a condition, which costs an index of it or a scan of the table in the database; rows are read
     * by their keys, and only those.
     *
     * @param column legacy's column; the target's is the one that it is mapped to, or else the one of the same name
     */
    public static ChangedRows by(String column) {
        return new ChangedRows(new Columns(column, null), USUAL, null, null, null);
    }

    /**
     * As {@link #by(String)}, where the target's column has another name that the mapping does not say.
     *
     * @param legacyColumn that of legacy's table
     * @param targetColumn that of the target's table
     */
    public static ChangedRows by(String legacyColumn, String targetColumn) {
        return new ChangedRows(new Columns(legacyColumn, targetColumn), USUAL, null, null, null);
    }

    /**
     * Keys that were written, or deleted, through the migration since the mark, as the journals of both sides say of what is owed, and their ledgers
     * of what has arrived. The first pass looks at all that these have.
     *
     * <p><b>What they do not show.</b> What is written past the router, unless an owing trigger is installed; and what a backfill copies.
     * {@link Reconciliation#run} finds that.
     *
     * <p>Each side's journal is read whole, which holds what is on its way. Of a ledger, which has a row for every key that was ever copied, the
     * database reads all rows of these records in the order of its primary key, and gives those that are later than the mark: no index leads
     * there.
     */
    public static ChangedRows byJournal() {
        return new ChangedRows(null, USUAL, null, null, null);
    }

    /**
     * By how much a pass begins before the mark of the pass before: a second to 30 days. Default: ten minutes.
     *
     * <p>A row gets its time when it is written, and is seen when its transaction commits. The mark is taken before a pass reads: the time by the
     * side's database, or when the oldest transaction began that was running in it, where the database says that for all of them. So the
     * overlap has to cover by how much the clock that fills the column is behind the database's, how long before its transaction an application takes
     * the time, and digits that the column does not keep. Where the database does not tell ({@link ChangedReport#reliesOnOverlap}), it has to be longer than
     * the longest transaction that writes the table, too. A longer one costs that so much more of what was written is read again.
     */
    public ChangedRows overlap(Duration overlap) {
        if (overlap.compareTo(SHORTEST) < 0 || overlap.compareTo(LONGEST) > 0) {
            throw new MigrationException("overlap must be 1 s to 30 days, but was " + overlap
                    + "; make it longer than the longest transaction that writes the table");
        }
        return new ChangedRows(columns, overlap, legacyZone, targetZone, since);
    }

    /**
     * In which zone the times of the columns are, where these have none of their own, as connections of the tables read them. Required for such
     * columns: times in another zone than one believes can be so much older that rows would be passed over. Where its clocks are set back, an
     * hour is read twice.
     */
    public ChangedRows zone(ZoneId zone) {
        return zone(zone, zone);
    }

    /** As {@link #zone(ZoneId)}, where the two sides' columns have times of different zones. */
    public ChangedRows zone(ZoneId legacy, ZoneId target) {
        return new ChangedRows(ofColumn("zone"), overlap, legacy, target, since);
    }

    /**
     * From when on the first pass looks, which no other has left a mark for; each later one begins at its mark. No later than the beginning of a full
     * pass, and of the oldest transaction that ran at that time; the overlap is taken off as well.
     */
    public ChangedRows since(Instant since) {
        return new ChangedRows(ofColumn("since"), overlap, legacyZone, targetZone, since);
    }

    private Columns ofColumn(String option) {
        if (columns == null) {
            throw new MigrationException(
                    option + "(..) must be said of passes by a column only, but was said of byJournal();"
                            + " leave it out: a journal has versions instead of times, and its first pass looks at all of it");
        }
        return columns;
    }

    /** Empty for the journal. */
    Optional<Columns> columns() {
        return Optional.ofNullable(columns);
    }

    Duration overlap() {
        return overlap;
    }

    @Nullable ZoneId zone(Side side) {
        return side == Side.LEGACY ? legacyZone : targetZone;
    }

    Optional<Instant> since() {
        return Optional.ofNullable(since);
    }

    @Override
    public String toString() {
        return "ChangedRows[by " + (columns == null ? "journal" : "column '" + columns.legacy() + "'") + ", overlap "
                + overlap + "]";
    }
}
