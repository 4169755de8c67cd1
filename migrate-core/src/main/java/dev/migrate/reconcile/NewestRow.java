package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.reconcile.RepairRules.Columns;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says which of two rows was changed later, by a column of each. */
final class NewestRow {
    private static final Set<Kind> NUMBERS = Set.of(Kind.INTEGER, Kind.DECIMAL);
    private static final Set<Kind> TIMES = Set.of(Kind.DATE, Kind.TIMESTAMP, Kind.INSTANT);
    private final Columns columns;

    /** Checks the columns against the two tables. */
    NewestRow(Comparing comparing, Columns columns) {
        Column legacy = comparing.legacy.shape().column(columns.legacy());
        Column target = comparing.target.shape().column(columns.target());
        boolean isNumber = NUMBERS.contains(legacy.kind());
        if (legacy.kind() != target.kind() || !(isNumber || TIMES.contains(legacy.kind()))) {
            throw new MigrationException(
                    "the columns of newest(..) must both be whole numbers, decimals, dates, timestamps or"
                            + " instants, but '" + legacy.name() + "' of '" + comparing.legacy.name() + "' is "
                            + legacy.kind()
                            + " and '" + target.name() + "' of '" + comparing.target.name() + "' is " + target.kind()
                            + "; name others, or use another policy");
        }
        if (isNumber && !columns.window().isZero()) {
            throw new MigrationException("window must be zero where the columns of newest(..) are numbers, but was "
                    + columns.window() + "; it is a length of time");
        }
        this.columns = columns;
    }

    /** The side whose row was changed later; empty where that is too close to call or cannot be told. */
    Optional<Side> of(RowPair rows) {
        if (rows.legacy() == null || rows.target() == null) {
            return Optional.empty();
        }
        Object legacy = rows.legacy().fields().get(columns.legacy());
        Object target = rows.target().fields().get(columns.target());
        if (legacy == null || target == null) {
            return Optional.empty();
        }
        int order = order(legacy, target);
        return order == 0 ? Optional.empty() : Optional.of(order > 0 ? Side.LEGACY : Side.TARGET);
    }

    private int order(Object legacy, Object target) {
        Instant one = time(legacy);
        Instant other = time(target);
        if (one == null || other == null) {
            return new BigDecimal(legacy.toString()).compareTo(new BigDecimal(target.toString()));
        }
        Duration apart = Duration.between(other, one);
        return apart.abs().compareTo(columns.window()) <= 0 ? 0 : apart.isNegative() ? -1 : 1;
    }

    private static @Nullable Instant time(Object value) {
        if (value instanceof Instant instant) {
            return instant;
        }
        if (value instanceof LocalDate date) {
            return date.atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        return value instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : null;
    }
}
