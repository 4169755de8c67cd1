package dev.migrate.dualwrite;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Pressure;
import dev.migrate.MigrationException;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.rollout.Guard;
import dev.migrate.rollout.Judgement;
import dev.migrate.rollout.Look;
import dev.migrate.side.Debt;
import dev.migrate.side.DebtLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Holds a rollout, and turns it back, by what some records are owed. */
record DebtGuard(Migration migration, String records, KeyedWrites<?> writes) implements Guard {
    @Override
    public String name() {
        return "debt of records '" + records + "'";
    }

    @Override
    public Judge begin() {
        return this::judge;
    }

    @Override
    public boolean judgesCalls() {
        return false;
    }

    private Judgement judge(Look look) {
        DebtLimits limits = writes.debtWatch().limits();
        Set<Pressure> reached =
                limits.pressureOf(writes.debtWatch().now(), migration.time().instant());
        if (reached.contains(Pressure.TRIPS_GUARD)) {
            return Judgement.rollBack(name() + ": it has reached " + limits.describe(Pressure.TRIPS_GUARD));
        }
        return reached.contains(Pressure.HOLDS_ROLLOUT)
                ? Judgement.hold(name() + ": it has reached " + limits.describe(Pressure.HOLDS_ROLLOUT))
                : Judgement.goOn(name() + ": it is low");
    }

    /** A gate that is open while less is owed. */
    Gate below(long keys, Duration age) {
        if (keys < 1 || age.isNegative() || age.isZero()) {
            throw new MigrationException("debtBelow of records '" + records
                    + "' must have at least 1 key and a positive age, but had " + keys + " keys and " + age
                    + "; below 1 key is nothing owed at all");
        }
        return () -> {
            Debt debt = writes.debt();
            boolean isBelow =
                    debt.keys() < keys && debt.age(migration.time().instant()).compareTo(age) < 0;
            return isBelow
                    ? Optional.empty()
                    : Optional.of(name() + ": it is not below " + keys + " keys of less than " + age + "; "
                            + debt.parked() + " of the keys are parked");
        };
    }
}
