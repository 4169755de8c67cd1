package dev.migrate.items;

import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Step;
import dev.migrate.StepParticipant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keeps authority from moving to the target before all items were looked at. */
final class HeldAuthority implements StepParticipant {
    private final ItemBackfill backfill;

    HeldAuthority(ItemBackfill backfill) {
        this.backfill = backfill;
    }

    @Override
    public Optional<String> part() {
        return Optional.of(backfill.part());
    }

    @Override
    public List<String> blockers(Position from, Position to) {
        Step step = new Step(from, to, 1, Duration.ofSeconds(1));
        if (!step.handsOver() || step.giver() != Side.LEGACY) {
            return List.of();
        }
        return backfill.unfinished()
                .map(what -> backfill + " is not done: " + what + "; run it first")
                .map(List::of)
                .orElse(List.of());
    }

    @Override
    public void prepare(Step step) {}

    @Override
    public void complete(Step step) {}

    @Override
    public void abandon(Step step) {}
}
