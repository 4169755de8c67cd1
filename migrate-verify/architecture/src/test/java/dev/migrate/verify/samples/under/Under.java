package dev.migrate.verify.samples.under;

import dev.migrate.verify.samples.CallsHypot;

/** The other half of the cycle. */
public record Under(double value) {
    static Under one() {
        return new Under(CallsHypot.one());
    }
}
