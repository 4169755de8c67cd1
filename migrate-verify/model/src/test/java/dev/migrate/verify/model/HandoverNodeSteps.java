package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.name;

import dev.migrate.side.Role;
import dev.migrate.verify.model.Node.Knows;
import java.util.List;

/** What three nodes do while authority moves: write, hear of it, pin units of work, lose their leases. */
final class HandoverNodeSteps {
    private final Rules rules;
    private final List<Integer> values;

    HandoverNodeSteps(Rules rules, List<Integer> values) {
        this.rules = rules;
        this.values = values;
    }

    void steps(HandoverState at, Steps<HandoverState> steps) {
        for (int node = 0; node < at.nodes.length; node++) {
            Knows knows = at.nodes[node].knows;
            if (knows.writesByPresent()) {
                write(at, steps, node, at.answering());
            }
            if (knows.writesByEarlier()) {
                write(at, steps, node, at.answeringEarlier());
            }
            switch (knows) {
                case PRESENT -> become(steps, node, Knows.LAPSED, HandoverAction.LAPSES);
                case EARLIER -> {
                    become(steps, node, Knows.PRESENT, HandoverAction.LEARNS);
                    become(steps, node, Knows.PRESENT_BUT_PINNED, HandoverAction.LEARNS_WHILE_PINNED);
                    become(steps, node, Knows.LAPSED_EARLIER, HandoverAction.LAPSES);
                }
                case PRESENT_BUT_PINNED -> {
                    become(steps, node, Knows.PRESENT, HandoverAction.UNPINS);
                    become(steps, node, Knows.LAPSED_EARLIER, HandoverAction.LAPSES);
                }
                case LAPSED, LAPSED_EARLIER -> become(steps, node, Knows.PRESENT, HandoverAction.RENEWS);
            }
        }
    }

    private static void become(Steps<HandoverState> steps, int node, Knows knows, HandoverAction action) {
        HandoverState next = steps.draft();
        next.nodes[node].knows = knows;
        steps.take(next, action, node);
    }

    /** One transaction: the row, the role check under the role's lock, the journal. A refused one changes nothing. */
    private void write(HandoverState at, Steps<HandoverState> steps, int node, int side) {
        boolean isAdmitted = at.role[side] == Role.AUTHORITY;
        if (!isAdmitted && rules.hold(Rule.SIDE_FENCE)) {
            return;
        }
        for (int write = 0; write < values.size(); write++) {
            if ((at.writes & 1 << write) != 0) {
                HandoverState next = steps.draft();
                next.writes &= ~(1 << write);
                next.row[side] = values.get(write);
                next.last = values.get(write);
                next.owe(side, next.draw(side, rules));
                HandoverAction action = isAdmitted ? HandoverAction.WRITES : HandoverAction.WRITES_UNCHECKED;
                steps.take(next, action, node, Values.name(next.last), name(side), Versions.name(next.owed[side]));
            }
        }
    }
}
