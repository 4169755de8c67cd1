package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.reconcile.SampleReport.Verdict;
import dev.migrate.table.TableKey;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A comparison of growing samples of both sides' rows, until each side's rows keep the goal, either's break it, or no rows are left.
 *
 * <p>A row of a sample is read on both sides, and a suspect is looked at again as in a full pass. The two samples have most rows in
 * common (see {@link KeySample}); what was compared for one side is known for the other.
 */
final class SampledPass {
    private final Comparing comparing;
    private final int pageRows;
    private final int mostDifferences;
    private final Supplier<SecondLook> secondLook;
    private final Map<Side, Sampled> sides = new EnumMap<>(Side.class);
    private final Set<String> compared = new HashSet<>();
    private final Map<String, Difference> confirmed = new LinkedHashMap<>();
    private final Set<String> unsettled = new HashSet<>();
    private final Set<String> inFlight = new LinkedHashSet<>();
    private int lookedAtAgain;

    SampledPass(Comparing comparing, int pageRows, int mostDifferences, Supplier<SecondLook> secondLook) {
        this.comparing = comparing;
        this.pageRows = pageRows;
        this.mostDifferences = mostDifferences;
        this.secondLook = secondLook;
    }

    SampleEstimate estimate(Side side) {
        return sampled(side).estimate();
    }

    List<Difference> confirmed() {
        return List.copyOf(confirmed.values());
    }

    List<String> inFlight() {
        return List.copyOf(inFlight);
    }

    void run(SampleGoal goal, long seed) throws Exception {
        for (Side side : Side.values()) {
            KeySample sample = KeySample.draw(comparing.table(side), seed, goal.mostRows());
            SamplePlan plan = SamplePlan.of(
                    goal, sample.population(), comparing.table(side).name());
            sides.put(side, new Sampled(side, goal, plan, sample));
        }
        while (sides.values().stream().noneMatch(Sampled::isRefuted)) {
            List<Sampled> open = sides.values().stream().filter(Sampled::isOpen).toList();
            if (open.isEmpty()) {
                return;
            }
            Map<String, TableKey> keys = new LinkedHashMap<>();
            open.forEach(side -> side.grow().forEach(key -> keys.put(key.canonical(), key)));
            compare(keys.values().stream()
                    .filter(key -> compared.add(key.canonical()))
                    .toList());
        }
    }

    private Sampled sampled(Side side) {
        return Objects.requireNonNull(sides.get(side));
    }

    private void compare(List<TableKey> keys) throws Exception {
        List<TableKey> suspects = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += pageRows) {
            List<TableKey> page = keys.subList(from, Math.min(keys.size(), from + pageRows));
            Map<String, RowPair> rows = comparing.read(page);
            for (TableKey key : page) {
                RowPair pair = Objects.requireNonNull(rows.get(key.canonical()));
                if (comparing.difference(key, pair).isPresent()) {
                    suspects.add(key);
                }
            }
        }
        int kept = Math.min(suspects.size(), mostDifferences - lookedAtAgain);
        lookedAtAgain += kept;
        suspects.subList(kept, suspects.size()).forEach(key -> unsettled.add(key.canonical()));
        SecondLook look = secondLook.get();
        look.at(suspects.subList(0, kept));
        look.confirmed().forEach(each -> confirmed.put(each.key().canonical(), each.difference()));
        unsettled.addAll(look.hot());
        inFlight.addAll(look.inFlight());
    }

    /** One side's sample, as far as it has grown. */
    private final class Sampled {
        private final Side side;
        private final SampleGoal goal;
        private final SamplePlan plan;
        private final KeySample sample;
        private int looks;

        Sampled(Side side, SampleGoal goal, SamplePlan plan, KeySample sample) {
            this.side = side;
            this.goal = goal;
            this.plan = plan;
            this.sample = sample;
        }

        /** The rows of the next look that were not in the one before. */
        List<TableKey> grow() {
            int before = size();
            looks++;
            return sample.keys().subList(before, size());
        }

        private int size() {
            return looks == 0 ? 0 : plan.sizes().get(looks - 1);
        }

        boolean isOpen() {
            return looks == 0 || (looks < plan.sizes().size() && estimate().verdict() == Verdict.NOT_PROVED);
        }

        boolean isRefuted() {
            return looks > 0 && estimate().verdict() == Verdict.REFUTED;
        }

        SampleEstimate estimate() {
            List<TableKey> keys = sample.keys().subList(0, size());
            int differing = count(keys, confirmed.keySet());
            int open = count(keys, unsettled);
            HypergeometricInterval interval = plan.interval(size(), differing, open);
            return new SampleEstimate(
                    side,
                    sample.population(),
                    size(),
                    differing,
                    open,
                    interval.least(),
                    interval.most(),
                    plan.verdict(interval),
                    goal);
        }
    }

    private static int count(List<TableKey> keys, Set<String> among) {
        return among.isEmpty()
                ? 0
                : (int) keys.stream()
                        .filter(key -> among.contains(key.canonical()))
                        .count();
    }
}
