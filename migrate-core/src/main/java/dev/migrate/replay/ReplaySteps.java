package dev.migrate.replay;

import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Step;
import dev.migrate.StepParticipant;
import dev.migrate.internal.write.TwoSides;
import dev.migrate.side.SegmentRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What stands against a handover besides what the journals owe: dismissed events, and a replay that is under way. */
record ReplaySteps(String records, TwoSides<EventLog> logs) implements StepParticipant {
    @Override
    public List<String> blockers(Position from, Position to) {
        Step step = new Step(from, to, 0, Duration.ZERO);
        List<String> blockers = new ArrayList<>();
        if (step.handsOver()) {
            SegmentRange range = new SegmentRange(step.firstHandedOver(), step.endHandedOver());
            long dismissed = dismissed(Side.LEGACY, range) + dismissed(Side.TARGET, range);
            if (dismissed > 0) {
                blockers.add(dismissed + " events of records '" + records
                        + "' were dismissed and have not arrived; look at undelivered(), then redeliver(..) them, or"
                        + " settleByHand(..) what was done about them");
            }
            if (logs.of(step.giver()).replay().isPresent()) {
                blockers.add("a replay of records '" + records
                        + "' is under way; wait until isReplaying() is false and what it has taken up has arrived");
            }
        }
        return blockers;
    }

    private long dismissed(Side side, SegmentRange range) {
        return logs.of(side).debt(range).dismissed();
    }

    @Override
    public void prepare(Step step) {}

    @Override
    public void complete(Step step) {}

    @Override
    public void abandon(Step step) {}
}
