package dev.migrate.items;

import dev.migrate.Side;
import dev.migrate.reconcile.Difference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What both collections say of one key.
 *
 * @param legacy null where legacy has no such item
 * @param target null where the target has none
 */
record ItemPair(@Nullable Item legacy, @Nullable Item target) {
    /** How they differ, for which content is read where no digest is known; empty where they do not. */
    Optional<Difference> difference(ItemComparison both, String text, Side authoritative) throws Exception {
        if (legacy == null || target == null) {
            return legacy == null && target == null
                    ? Optional.empty()
                    : Optional.of(new Difference(
                            text,
                            target == null ? Difference.Kind.MISSING_IN_TARGET : Difference.Kind.EXTRA_IN_TARGET,
                            authoritative,
                            List.of()));
        }
        if (Digests.isSame(both.legacy(), legacy, both.target(), target)) {
            return Optional.empty();
        }
        String field = legacy.size() == target.size() ? "content" : "size";
        return Optional.of(different(text, authoritative, field));
    }

    static Difference different(String text, Side authoritative, String field) {
        return new Difference(text, Difference.Kind.DIFFERENT, authoritative, List.of(field));
    }

    /** Whether both collections say the same as in another pair, as far as they say anything. */
    boolean isUnchanged(ItemPair other) {
        return isUnchanged(legacy, other.legacy) && isUnchanged(target, other.target);
    }

    private static boolean isUnchanged(@Nullable Item one, @Nullable Item two) {
        return Objects.equals(one, two);
    }
}
