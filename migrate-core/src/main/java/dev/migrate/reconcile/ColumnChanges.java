package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.table.BoundMapping.Pair;
import dev.migrate.table.Column;
import dev.migrate.table.Horizon;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What has changed by a column on either side that says when. The mark of each side is a moment by its database's clock. */
final class ColumnChanges implements Changes {
    private final Comparing comparing;
    private final ChangedRows rows;
    private final Map<Side, Column> columns = new EnumMap<>(Side.class);
    private final Map<Side, Instant> from = new EnumMap<>(Side.class);
    private final Map<Side, Horizon> horizons = new EnumMap<>(Side.class);

    ColumnChanges(Comparing comparing, ChangedRows rows, ChangedRows.Columns named) {
        this.comparing = comparing;
        this.rows = rows;
        Column legacy = comparing.legacy.shape().column(named.legacy());
        columns.put(Side.LEGACY, legacy);
        columns.put(Side.TARGET, inTarget(legacy, named.target()));
    }

    private Column inTarget(Column legacy, @Nullable String named) {
        if (named != null) {
            return comparing.target.shape().column(named);
        }
        Optional<Column> mapped = comparing.mapping.pairs().stream()
                .filter(pair -> pair.legacy().equals(legacy))
                .map(Pair::target)
                .findFirst();
        return mapped.or(() -> comparing.target.shape().find(legacy.name()))
                .orElseThrow(() -> new MigrationException("column '" + legacy.name() + "' of table '"
                        + comparing.legacy.name() + "' is mapped to none of table '" + comparing.target.name()
                        + "', which has none of that name; name the target's column with by(\"" + legacy.name()
                        + "\", ..)"));
    }

    private void requireTime(Side side) {
        Column column = column(side);
        String named = "column '" + column.name() + "' of table '"
                + comparing.table(side).name() + "'";
        if (column.kind() != Column.Kind.TIMESTAMP && column.kind() != Column.Kind.INSTANT) {
            throw new MigrationException(named + " must be a date with a time of day to tell what has changed, but is "
                    + column.type() + " (" + column.kind()
                    + "); name another with by(..): a number says nothing of when other rows were written");
        }
        if (column.kind() == Column.Kind.TIMESTAMP && rows.zone(side) == null) {
            throw new MigrationException(named + " has times without a zone, being " + column.type()
                    + ", so that it must be said in which they are; say it with zone(..)");
        }
    }

    private Column column(Side side) {
        return Objects.requireNonNull(columns.get(side));
    }

    @Override
    public String name() {
        return column(Side.LEGACY).name() + "/" + column(Side.TARGET).name();
    }

    @Override
    public void from(@Nullable List<String> place) {
        for (Side side : Side.values()) {
            requireTime(side);
        }
        for (Side side : Side.values()) {
            from.put(side, place == null ? first() : Instant.parse(place.get(side == Side.LEGACY ? 0 : 1)));
        }
    }

    private Instant first() {
        return rows.since()
                .map(since -> since.minus(rows.overlap()))
                .orElseThrow(() -> new MigrationException("no pass over what has changed in table '"
                        + comparing.legacy.name() + "' by column '"
                        + column(Side.LEGACY).name()
                        + "' was made in migration '" + comparing.migration.name()
                        + "' yet, so that there is no mark to begin at; say with since(..) from when on the first is to"
                        + " look: no later than the beginning of a full pass, run()"));
    }

    @Override
    public void begin() throws Exception {
        for (Side side : Side.values()) {
            TableSide table = comparing.table(side);
            Horizon horizon = table.horizon();
            if (horizon.now().isBefore(from(side))) {
                throw setBack(table, horizon.now(), from(side));
            }
            horizons.put(side, horizon);
        }
    }

    static MigrationException setBack(TableSide table, Instant now, Instant from) {
        return new MigrationException("the clock of the database of table '" + table.name() + "' says " + now
                + ", which is before " + from
                + ", from when on this pass was to look: since(..) is in the future, or the clock was set back and what was"
                + " written since may seem older than the mark; make a full pass with run(), and begin again with"
                + " forgetChanged(..)");
    }

    private Instant from(Side side) {
        return Objects.requireNonNull(from.get(side));
    }

    private Horizon horizon(Side side) {
        return Objects.requireNonNull(horizons.get(side));
    }

    @Override
    public void scan(TableSide.Sink<TableKey> sink) throws Exception {
        for (Side side : Side.values()) {
            comparing.table(side).scanSince(column(side), value(side), sink);
        }
    }

    private Object value(Side side) {
        ZoneId zone = rows.zone(side);
        return column(side).kind() == Column.Kind.INSTANT || zone == null
                ? from(side)
                : earliest(from(side), horizon(side).now(), zone);
    }

    /** The earliest time that a clock of a zone shows between two moments: where it is set back, one that it has shown before. */
    static LocalDateTime earliest(Instant from, Instant to, ZoneId zone) {
        LocalDateTime earliest = LocalDateTime.ofInstant(from, zone);
        @Nullable ZoneOffsetTransition next = zone.getRules().nextTransition(from);
        while (next != null && !next.getInstant().isAfter(to)) {
            if (next.getDateTimeAfter().isBefore(earliest)) {
                earliest = next.getDateTimeAfter();
            }
            next = zone.getRules().nextTransition(next.getInstant());
        }
        return earliest;
    }

    @Override
    public List<String> next() {
        List<String> place = new ArrayList<>();
        for (Side side : Side.values()) {
            Instant next = horizon(side).oldest().minus(rows.overlap());
            place.add((next.isBefore(from(side)) ? from(side) : next).toString());
        }
        return place;
    }

    @Override
    public boolean reliesOnOverlap() {
        return !horizon(Side.LEGACY).isWhole() || !horizon(Side.TARGET).isWhole();
    }
}
