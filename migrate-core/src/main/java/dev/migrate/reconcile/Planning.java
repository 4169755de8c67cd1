package dev.migrate.reconcile;

import dev.migrate.Side;
import dev.migrate.reconcile.RepairPlan.Action;
import dev.migrate.reconcile.RepairPlan.Item;
import dev.migrate.reconcile.RepairPlan.Line;
import dev.migrate.reconcile.RepairPlan.Rule;
import dev.migrate.reconcile.Review.State;
import dev.migrate.reconcile.SecondLook.Confirmed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a plan of differences by rules: an override first, then a person's decision, then the policy. */
final class Planning {
    static final int MOST_REVIEWS = 100_000;
    private final Comparing comparing;
    private final RepairRules rules;
    private final @Nullable NewestRow newest;
    private final Map<String, Review> decided = new HashMap<>();

    Planning(Comparing comparing, RepairRules rules) {
        this.comparing = comparing;
        this.rules = rules;
        this.newest = rules.columns() == null ? null : new NewestRow(comparing, rules.columns());
        if (rules.policy() == RepairPolicy.MANUAL || newest != null) {
            comparing.reviews().list(State.DECIDED, MOST_REVIEWS).forEach(review -> decided.put(review.key(), review));
        }
    }

    /** The plan; {@code pass} is what has confirmed the differences, null where it was none. */
    RepairPlan of(List<Confirmed> differences, @Nullable String pass) {
        List<Item> items = new ArrayList<>();
        List<Confirmed> toReview = new ArrayList<>();
        int beyond = 0;
        for (Confirmed found : differences) {
            Optional<Item> item = item(found);
            if (item.isEmpty()) {
                toReview.add(found);
            } else if (items.size() < rules.most()) {
                items.add(item.get());
            } else {
                beyond++;
            }
        }
        return new RepairPlan(comparing, pass, items, toReview, beyond);
    }

    private Optional<Item> item(Confirmed found) {
        Side override = rules.overrides().get(found.key().canonical());
        if (override != null) {
            return Optional.of(item(found, override, Rule.OVERRIDE, null));
        }
        Review review = decided.get(found.key().canonical());
        Review.Decision decision = review == null ? null : review.decision();
        if (review != null && decision != null && review.found().difference().isSameAs(found.difference())) {
            return Optional.of(item(found, decision.right(), Rule.REVIEW, review));
        }
        return byPolicy(found).map(right -> item(found, right, Rule.POLICY, null));
    }

    private Optional<Side> byPolicy(Confirmed found) {
        return switch (rules.policy()) {
            case AUTHORITATIVE_WINS -> Optional.of(found.difference().authoritative());
            case LEGACY_WINS -> Optional.of(Side.LEGACY);
            case TARGET_WINS -> Optional.of(Side.TARGET);
            case NEWEST_WINS -> newest == null ? Optional.empty() : newest.of(found.rows());
            case MANUAL -> Optional.empty();
        };
    }

    private static Item item(Confirmed found, Side right, Rule rule, @Nullable Review review) {
        Side writes = right.other();
        Action action = found.rows().on(right) == null
                ? Action.DELETE
                : found.rows().on(writes) == null ? Action.INSERT : Action.UPDATE;
        Line line = new Line(
                found.key().canonical(), writes, action, found.difference().fields(), rule);
        return new Item(found.key(), found.rows(), found.difference().authoritative(), line, review);
    }
}
