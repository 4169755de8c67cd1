package dev.migrate.reconcile;

import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the passes over one kind of records have found, day by day, and whether it grows; see {@link Reconciliation#daily}. Counts alone, with
 * nothing smoothed or filled in: a day without a pass says so. Immutable; holds no key and no value.
 *
 * @param subject the migration's name and that of the records
 * @param zone in which a day begins and ends
 * @param days all days of the period, the earliest first; at least one
 */
public record DailyReport(String subject, ZoneId zone, List<Day> days) {
    /** Copies the list. */
    public DailyReport {
        days = List.copyOf(days);
    }

    /**
     * One day.
     *
     * @param date the day
     * @param passes the passes that began on it, the earliest first
     */
    public record Day(LocalDate date, List<Pass> passes) {
        /** Sorts the passes. */
        public Day {
            passes = passes.stream()
                    .sorted(Comparator.comparing(Pass::began).thenComparing(Pass::id))
                    .toList();
        }

        /** How many passes were clean. */
        public long clean() {
            return passes.stream().filter(Pass::isClean).count();
        }

        /** How many rows the passes compared; a row is counted by each. */
        public long rowsCompared() {
            return passes.stream().mapToLong(Pass::rowsCompared).sum();
        }

        /** How many differences of a kind the passes confirmed; one that stands is counted by each pass that finds it. */
        public long confirmed(Difference.Kind kind) {
            return passes.stream().mapToLong(pass -> pass.count(kind)).sum();
        }

        /** How many differences that these passes found were repaired since. */
        public long repaired() {
            return passes.stream().mapToLong(Pass::repaired).sum();
        }

        /** The last pass over all rows; empty where there was none. */
        public Optional<Pass> lastFull() {
            return passes.stream().filter(pass -> pass.kind() == Pass.Kind.FULL).reduce((earlier, later) -> later);
        }

        /** What the last pass over all rows found to differ, beyond what it could look at again included; empty where there was none. */
        public OptionalLong differing() {
            return lastFull()
                    .map(pass -> OptionalLong.of(pass.differences() + pass.notLookedAtAgain()))
                    .orElse(OptionalLong.empty());
        }
    }

    /**
     * By how many rows more, or fewer where it is negative, the last full pass of a day found to differ than that of the day before.
     *
     * @param at which of {@link #days()}, from 0
     * @return empty for the first day, and where either day had no full pass
     */
    public OptionalLong againstDayBefore(int at) {
        return at == 0 ? OptionalLong.empty() : change(days.get(at - 1), days.get(at));
    }

    /** The same of the latest day that had a full pass against the earliest; empty where there are no two such days. */
    public OptionalLong overPeriod() {
        List<Day> compared =
                days.stream().filter(day -> day.lastFull().isPresent()).toList();
        return compared.size() < 2 ? OptionalLong.empty() : change(compared.get(0), compared.get(compared.size() - 1));
    }

    private static OptionalLong change(Day from, Day to) {
        return from.differing().isPresent() && to.differing().isPresent()
                ? OptionalLong.of(to.differing().getAsLong() - from.differing().getAsLong())
                : OptionalLong.empty();
    }

    /** The report as text, a line for each day; ends with a line's end. */
    public String toText() {
        return DailyText.of(this);
    }

    /** The report as one JSON object, its fields always in the same order; without a line's end. */
    public String toJson() {
        return DailyJson.of(this);
    }

    @Override
    public String toString() {
        return toText();
    }
}
