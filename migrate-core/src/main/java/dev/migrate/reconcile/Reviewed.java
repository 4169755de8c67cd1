package dev.migrate.reconcile;

import dev.migrate.reconcile.Difference.Kind;
import dev.migrate.reconcile.SecondLook.Confirmed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the reviews say of the differences that a pass has confirmed: which were accepted, and why the target lacks a row. */
final class Reviewed {
    private final List<Confirmed> confirmed = new ArrayList<>();
    private final List<Difference> accepted = new ArrayList<>();

    Reviewed(Comparing comparing, List<Confirmed> found) {
        @Nullable ReviewQueue queue = comparing.keeper().isPresent() ? comparing.reviews() : null;
        for (Confirmed each : found) {
            Optional<Review> review = queue == null
                    ? Optional.empty()
                    : queue.find(each.difference().key());
            Optional<Review> lacking = review.filter(known -> known.state() != Review.State.CLOSED
                    && each.difference().kind() == Kind.MISSING_IN_TARGET
                    && known.found().difference().kind() == Kind.MISSING_IN_TARGET);
            Difference told = each.difference()
                    .because(lacking.map(known -> known.found().difference().reason())
                            .orElse(null));
            if (lacking.filter(known -> known.state() == Review.State.ACCEPTED).isPresent()) {
                accepted.add(told);
            } else {
                confirmed.add(new Confirmed(each.key(), told, each.rows()));
            }
        }
    }

    List<Confirmed> confirmed() {
        return List.copyOf(confirmed);
    }

    List<Difference> accepted() {
        return List.copyOf(accepted);
    }
}
