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
    private final Supplier<Chunk> chunk;
    private final boolean begins;
    private final List<Integer> values;
    private final WriterSteps writers;
    private final CopierSteps<WrittenState> copiers;
    private final BackfillSteps<WrittenState> backfill;

    private JournalModel(Rules rules, Supplier<Chunk> chunk, boolean begins, List<Integer> values) {
        this.chunk = chunk;
        this.begins = begins;
        this.values = values;
        this.writers = new WriterSteps(rules, values);
        this.copiers = new CopierSteps<>(rules);
        this.backfill = new BackfillSteps<>(rules);
    }

    /** A key that is new. */
    static JournalModel ofNewKey(Rules rules, Integer... values) {
        return new JournalModel(rules, Chunk::done, false, List.of(values));
    }

    /** A key that legacy had before, in a chunk that two workers may claim three times. */
    static JournalModel withBackfill(Rules rules, Integer... values) {
        return new JournalModel(rules, () -> new Chunk(2, 3), true, List.of(values));
    }

    @Override
    public WrittenState initial() {
        WrittenState state = new WrittenState(chunk.get(), values.size());
        if (!begins) {
            state.row[LEGACY] = Values.ABSENT;
        }
        return state;
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
        return (begins ? "journal and backfill, " : "journal, ") + values.stream().map(Values::name).toList();
    }
}
