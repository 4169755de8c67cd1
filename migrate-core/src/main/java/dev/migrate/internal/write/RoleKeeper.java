package dev.migrate.internal.write;

import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StaleChangeException;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.SegmentRole;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings the roles in the books of both sides in line with a position.
 *
 * <p>The shadow is always told before the authority: between the two, no side takes writes, never both.
 */
final class RoleKeeper {
    private final String migration;
    private final TwoSides<SideBooks> books;

    RoleKeeper(String migration, TwoSides<SideBooks> books) {
        this.migration = migration;
        this.books = books;
    }

    private record Wanted(Role role, boolean journalled) {}

    private static Wanted wanted(Position position, Side side, int segment) {
        Stage stage = position.stageOf(segment * Position.BUCKETS_PER_SEGMENT);
        boolean coversAny = stage.writesShadow() || position.stage().writesShadow();
        return stage.authoritative() == side ? new Wanted(Role.AUTHORITY, coversAny) : new Wanted(Role.SHADOW, false);
    }

    /** Whether no role was ever assigned to a side. */
    boolean isUnassigned(Side side) {
        return books.of(side).roles().isEmpty();
    }

    /**
     * Whether both sides have the roles that a position asks for, and in a generation that is copied have been told so in this generation: what an
     * earlier one has on its way to a side may otherwise arrive yet.
     */
    boolean agreesWith(Position position, long generation) {
        return runs(position, Side.LEGACY, null).isEmpty()
                && runs(position, Side.TARGET, null).isEmpty()
                && (position.stage() == Stage.LEGACY_ONLY
                        || (isOf(generation, Side.LEGACY) && isOf(generation, Side.TARGET)));
    }

    private boolean isOf(long generation, Side side) {
        return books.of(side).roles().stream().allMatch(role -> role.epoch() >= generation);
    }

    /**
     * Assigns what a position asks for, under an epoch: where it differs, and in a range even where it is so already. There an earlier
     * controller's assignment may still be on its way, and would be taken if the epoch were not greater than its own.
     *
     * @param raised null where there is no such range
     */
    void apply(Position position, long epoch, @Nullable SegmentRange raised) {
        for (Role role : List.of(Role.SHADOW, Role.AUTHORITY)) {
            for (Side side : Side.values()) {
                for (Run run : runs(position, side, raised)) {
                    if (run.wanted().role() == role) {
                        assign(side, run.range(), role, run.wanted().journalled(), epoch);
                    }
                }
            }
        }
    }

    /** Assigns one role, and throws where another controller was there before, with this epoch or a greater one. */
    void assign(Side side, SegmentRange range, Role role, boolean journalled, long epoch) {
        if (!books.of(side).assign(range, role, journalled, epoch)) {
            throw new StaleChangeException("migration '" + migration + "': the " + side + " side already has epoch "
                    + epoch + " or a greater one for segments " + range.from() + " to " + range.to()
                    + "; another controller has taken over, look at the audit trail");
        }
    }

    private record Run(SegmentRange range, Wanted wanted) {}

    /** The contiguous ranges that want the same role, of the segments that do not have it yet or are to be raised. */
    private List<Run> runs(Position position, Side side, @Nullable SegmentRange raised) {
        List<SegmentRole> held = books.of(side).roles();
        List<Run> runs = new ArrayList<>();
        int from = 0;
        while (from < Position.SEGMENTS) {
            Wanted wanted = wanted(position, side, from);
            boolean differs = isIn(raised, from) || differs(held, from, wanted);
            int to = from + 1;
            while (to < Position.SEGMENTS
                    && wanted(position, side, to).equals(wanted)
                    && (isIn(raised, to) || differs(held, to, wanted)) == differs) {
                to++;
            }
            if (differs) {
                runs.add(new Run(new SegmentRange(from, to), wanted));
            }
            from = to;
        }
        return runs;
    }

    private static boolean isIn(@Nullable SegmentRange range, int segment) {
        return range != null && range.contains(segment);
    }

    private static boolean differs(List<SegmentRole> held, int segment, Wanted wanted) {
        if (held.isEmpty()) {
            return true;
        }
        SegmentRole role = held.get(segment);
        return role.role() != wanted.role() || role.journalled() != wanted.journalled();
    }
}
