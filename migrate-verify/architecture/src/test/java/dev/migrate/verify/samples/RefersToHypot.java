package dev.migrate.verify.samples;

import java.util.function.DoubleBinaryOperator;

/** Refers to what a rule of the test forbids. */
public final class RefersToHypot {
    static final DoubleBinaryOperator REFERENCE = Math::hypot;

    private RefersToHypot() {}
}
