package dev.migrate.preflight;

import dev.migrate.Side;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Fields;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.Shape;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of legacy's times without a zone where the target has moments. A copy takes a time without a zone for UTC; a mapping that derives
 * the moment has to decide where a zone has no such time, or has it twice.
 */
final class LocalTimes {
    private record Place(String legacy, String target, boolean isTakenForUtc) {}

    private final @Nullable ZoneId zone;
    private final List<Place> places = new ArrayList<>();

    LocalTimes(@Nullable ZoneId zone, BoundMapping mapping, Shape legacy) {
        this.zone = zone;
        List<Column> columns = mapping.columns(Side.TARGET);
        for (int at = 0; at < columns.size(); at++) {
            if (columns.get(at).kind() == Kind.INSTANT) {
                places(columns.get(at), mapping, at, legacy);
            }
        }
    }

    private void places(Column target, BoundMapping mapping, int at, Shape legacy) {
        Column pair = mapping.counterpart(Side.TARGET, at);
        if (pair != null && pair.kind() == Kind.TIMESTAMP) {
            places.add(new Place(pair.name(), target.name(), true));
        }
        mapping.madeFrom(at).stream()
                .map(legacy::column)
                .filter(column -> column.kind() == Kind.TIMESTAMP)
                .forEach(column -> places.add(new Place(column.name(), target.name(), false)));
    }

    /** What cannot be told while nobody says in which zone legacy's times are meant. */
    List<String> unseen() {
        return zone != null
                ? List.of()
                : places.stream()
                        .filter(Place::isTakenForUtc)
                        .map(place -> "column '" + place.target()
                                + "' has moments, and times without a zone are copied to it"
                                + " as if they were UTC; say with localTimesIn(..) in which zone they are meant")
                        .toList();
    }

    /** What is wrong with a row of legacy. */
    List<Objection> judge(Fields legacy) {
        if (zone == null || places.isEmpty()) {
            return List.of();
        }
        List<Objection> found = new ArrayList<>();
        for (Place place : places) {
            if (legacy.get(place.legacy()) instanceof LocalDateTime time) {
                wrong(zone, time, place.isTakenForUtc())
                        .ifPresent(what -> found.add(new Objection(Rule.TIME_ZONE, List.of(place.target()), what)));
            }
        }
        return found;
    }

    private static Optional<String> wrong(ZoneId zone, LocalDateTime time, boolean isTakenForUtc) {
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.isEmpty()) {
            return Optional.of("the time is left out by the clocks of " + zone + ", and no moment");
        }
        if (offsets.size() > 1) {
            return Optional.of("the time comes twice by the clocks of " + zone + ", and is two moments");
        }
        return isTakenForUtc && !offsets.get(0).equals(ZoneOffset.UTC)
                ? Optional.of("the time is meant in " + zone + ", and would be copied as if it were UTC")
                : Optional.empty();
    }
}
