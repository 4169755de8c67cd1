package dev.migrate.verify.model;

import java.util.EnumSet;
import java.util.Set;

/** The rules that hold. */
final class Rules {
    private final Set<Rule> rules;

    private Rules(Set<Rule> rules) {
        this.rules = rules;
    }

    static Rules all() {
        return new Rules(EnumSet.allOf(Rule.class));
    }

    static Rules without(Rule left) {
        return new Rules(EnumSet.complementOf(EnumSet.of(left)));
    }

    boolean hold(Rule rule) {
        return rules.contains(rule);
    }
}
