package dev.migrate.verify.samples;

import dev.migrate.verify.samples.under.Under;

/** Calls what a rule of the test forbids, and forms a cycle of packages. */
public final class CallsHypot {
    private CallsHypot() {}

    static double call(Under under) {
        return Math.hypot(3, 4) + under.value();
    }

    /** One half of the cycle. */
    public static double one() {
        return 1;
    }
}
