package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;
import static dev.migrate.verify.model.KeyState.TARGET;

import dev.migrate.verify.model.Chunk.Stands;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A key that three nodes write on legacy while two copiers, and the workers of a backfill where it is not done, bring it to the target.
 *
 * <p>Where nothing is owed and the backfill is done, both sides are equal: that is what a handover's drain relies on.
 */
final class JournalModel implements Model<WrittenState> {
    private final Supplier<WrittenState> first;
    private final String name;
    private final WriterSteps writers;
    private final CopierSteps<WrittenState> copiers;
    private final BackfillSteps<WrittenState> backfill;

    private JournalModel(Rules rules, String name, Supplier<WrittenState> first, List<Integer> values) {
        this.first = first;
        this.name = name + ", " + values.stream().map(Values::name).toList();
        this.writers = new WriterSteps(rules, values);
        this.copiers = new CopierSteps<>(rules);
        this.backfill = new BackfillSteps<>(rules);
    }

    /** A key that is new, and two copiers. */
    static JournalModel ofNewKey(Rules rules, Integer... values) {
        Supplier<WrittenState> first = () -> {
            WrittenState state = new WrittenState(Chunk.done(), 2, values.length);
            state.row[LEGACY] = Values.ABSENT;
            return state;
        };
        return new JournalModel(rules, "journal of a new key", first, List.of(values));
    }

    /**
     * A key that legacy had before, in a chunk.
     *
     * @param workers how many workers may claim the chunk
     * @param claims how many times they may
     */
    static JournalModel withBackfill(Rules rules, int copiers, int workers, int claims, Integer... values) {
        Supplier<WrittenState> first = () -> new WrittenState(new Chunk(workers, claims), copiers, values.length);
        String name = "journal and backfill, " + copiers + " copiers, " + workers + " workers";
        return new JournalModel(rules, name, first, List.of(values));
    }

    @Override
    public WrittenState initial() {
        return first.get();
    }

    @Override
    public void steps(WrittenState at, Steps<WrittenState> steps) {
        writers.steps(at, steps);
        copiers.steps(at, steps, true);
        backfill.steps(at, steps, true);
    }

    @Override
    public @Nullable Violation violation(WrittenState at) {
        boolean isCovered = at.chunk.stands == Stands.DONE && !at.owes(LEGACY);
        return isCovered && !at.isEqual()
                ? new Violation(Promise.NO_HIDDEN_DEBT, "nothing is owed, but " + at.differing())
                : null;
    }

    @Override
    public @Nullable Violation violationAtRest(WrittenState at) {
        if (at.owes(LEGACY) || at.owes(TARGET)) {
            return new Violation(Promise.CONVERGENCE, "the key is owed for ever");
        }
        return at.chunk.isDone() && !at.isEqual()
                ? new Violation(Promise.CONVERGENCE, "at rest, but " + at.differing())
                : null;
    }

    @Override
    public String toString() {
        return name;
    }
}
