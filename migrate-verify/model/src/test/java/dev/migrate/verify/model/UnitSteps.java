package dev.migrate.verify.model;

import static dev.migrate.verify.model.KeyState.LEGACY;

import dev.migrate.verify.model.EnteringState.Unit;
import java.util.List;

/** What three nodes do that write legacy, each by what it knew when it began. */
final class UnitSteps {
    private final Rules rules;
    private final boolean hasRoles;
    private final List<Integer> values;

    UnitSteps(Rules rules, boolean hasRoles, List<Integer> values) {
        this.rules = rules;
        this.hasRoles = hasRoles;
        this.values = values;
    }

    void steps(EnteringState at, Steps<EnteringState> steps) {
        for (int node = 0; node < at.units.length; node++) {
            Unit unit = at.units[node];
            if (unit.isRunning) {
                commit(at, steps, node);
            } else if (!unit.isLapsed) {
                begin(at, steps, node);
            }
            boolean isBehind = unit.knows < at.step;
            if (isBehind || unit.isLapsed) {
                learn(at, steps, node);
            }
            if (hasRoles && !unit.isLapsed && (isBehind || (unit.isRunning && unit.pinned < at.step))) {
                EnteringState next = steps.draft();
                next.units[node].isLapsed = true;
                steps.take(next, EnteringAction.LAPSES, node);
            }
        }
    }

    private void begin(EnteringState at, Steps<EnteringState> steps, int node) {
        for (int write = 0; write < values.size(); write++) {
            if ((at.writes & 1 << write) != 0) {
                EnteringState next = steps.draft();
                next.writes &= ~(1 << write);
                Unit unit = next.units[node];
                unit.isRunning = true;
                unit.pinned = unit.knows;
                unit.value = values.get(write);
                steps.take(next, EnteringAction.BEGINS, node, Values.name(unit.value), EnteringModel.name(unit.pinned));
            }
        }
    }

    private void commit(EnteringState at, Steps<EnteringState> steps, int node) {
        EnteringState next = steps.draft();
        Unit unit = next.units[node];
        String value = Values.name(unit.value);
        if (EnteringState.isDualWrite(unit.pinned)) {
            next.row[LEGACY] = unit.value;
            next.owe(LEGACY, next.draw(LEGACY, rules));
            unit.stop();
            steps.take(next, EnteringAction.COMMITS_OWED, node, value, Versions.name(next.owed[LEGACY]));
        } else if (at.isJournalled && hasRoles && rules.hold(Rule.LEGACY_ONLY_CHECKS_ROLE)) {
            unit.pinned = at.step;
            unit.knows = at.step;
            unit.isLapsed = false;
            steps.take(next, EnteringAction.IS_REFUSED, node);
        } else {
            next.row[LEGACY] = unit.value;
            unit.stop();
            steps.take(next, EnteringAction.COMMITS_UNOWED, node, value);
        }
    }

    private static void learn(EnteringState at, Steps<EnteringState> steps, int node) {
        EnteringState next = steps.draft();
        next.units[node].knows = at.step;
        next.units[node].isLapsed = false;
        steps.take(next, EnteringAction.LEARNS, node, EnteringModel.name(at.step));
    }
}
