package dev.migrate.verify.cluster;

import dev.migrate.side.Debt;

/**
 * What is left after draining, of all records and both sides.
 *
 * @param owed parked keys included
 */
record Rest(long owed, long parked, long dismissed) {
    static Rest of(Debt debt) {
        return new Rest(debt.keys() + debt.intents(), debt.parked(), debt.dismissed());
    }

    static Rest parse(String text) {
        String[] words = text.split(" ", -1);
        return new Rest(Long.parseLong(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2]));
    }

    boolean isNone() {
        return owed == 0 && parked == 0 && dismissed == 0;
    }

    @Override
    public String toString() {
        return owed + " " + parked + " " + dismissed;
    }
}
