package dev.migrate.flag;

import dev.migrate.MigrationException;
import dev.migrate.Percent;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * For which keys a flag is on: those named, and a share of all others.
 *
 * <p>Immutable. What is stored is {@link #toString}, so that the audit trail can be read: {@code 25 %; on=customer:acme; off=bot}.
 *
 * @param share the share of keys, chosen by their hash, for which the flag is on
 * @param alwaysOn keys for which it is on whatever the share
 * @param alwaysOff keys for which it is off whatever the share
 */
public record FlagRules(Percent share, Set<String> alwaysOn, Set<String> alwaysOff) {
    private static final String ON = "; on=";
    private static final String OFF = "; off=";

    /** Copies the keys, and refuses what is empty, not well-formed text, or both always on and always off. */
    public FlagRules {
        alwaysOn = checked("alwaysOn", alwaysOn);
        alwaysOff = checked("alwaysOff", alwaysOff);
        for (String key : alwaysOn) {
            if (alwaysOff.contains(key)) {
                throw new MigrationException("a key must not be both alwaysOn and alwaysOff, but '" + key
                        + "' is; leave it out of one of them");
            }
        }
    }

    /** On for a share of the keys, and no others. */
    public static FlagRules of(Percent share) {
        return new FlagRules(share, Set.of(), Set.of());
    }

    /** These rules with another share. */
    public FlagRules withShare(Percent other) {
        return new FlagRules(other, alwaysOn, alwaysOff);
    }

    /** These rules with a key always on, and no longer always off. */
    public FlagRules withAlwaysOn(String key) {
        return new FlagRules(share, with(alwaysOn, key), without(alwaysOff, key));
    }

    /** These rules with a key always off, and no longer always on. */
    public FlagRules withAlwaysOff(String key) {
        return new FlagRules(share, without(alwaysOn, key), with(alwaysOff, key));
    }

    /** These rules without an exception for a key: the share alone decides. */
    public FlagRules withShareFor(String key) {
        return new FlagRules(share, without(alwaysOn, key), without(alwaysOff, key));
    }

    /** The text form, in which commas, semicolons and backslashes of keys stand behind a backslash; {@link #parse} reads it. */
    @Override
    public String toString() {
        return share + section(ON, alwaysOn) + section(OFF, alwaysOff);
    }

    /** Reads the text form that {@link #toString} gives. */
    public static FlagRules parse(String text) {
        int end = text.indexOf(';');
        Percent share = Percent.parse(end < 0 ? text : text.substring(0, end));
        Set<String> on = new TreeSet<>();
        Set<String> off = new TreeSet<>();
        for (int at = end; at >= 0 && at < text.length(); ) {
            boolean isOn = text.startsWith(ON, at);
            if (!isOn && !text.startsWith(OFF, at)) {
                throw new MigrationException(
                        "the rules of a flag must read like 25 %; on=a,b; off=c, but were '" + text + "'");
            }
            at = readKeys(text, at + (isOn ? ON : OFF).length(), isOn ? on : off);
        }
        return new FlagRules(share, on, off);
    }

    /** Returns where the next section begins. */
    private static int readKeys(String text, int from, Set<String> into) {
        StringBuilder key = new StringBuilder();
        int at = from;
        for (; at < text.length() && text.charAt(at) != ';'; at++) {
            char next = text.charAt(at);
            if (next == ',') {
                into.add(key.toString());
                key.setLength(0);
            } else if (next == '\\' && at + 1 < text.length()) {
                key.append(text.charAt(++at));
            } else {
                key.append(next);
            }
        }
        into.add(key.toString());
        return at;
    }

    private static String section(String title, Set<String> keys) {
        return keys.isEmpty()
                ? ""
                : title
                        + String.join(
                                ",",
                                keys.stream()
                                        .map(key -> key.replaceAll("[\\\\,;]", "\\\\$0"))
                                        .toList());
    }

    private static Set<String> checked(String option, Collection<String> keys) {
        for (String key : keys) {
            if (key.isEmpty()) {
                throw new MigrationException(
                        "a key of " + option + " must not be empty; name the key, or leave it out");
            }
            if (key.codePoints()
                    .anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
                throw new MigrationException("a key of " + option
                        + " must be well-formed Unicode, but has half of a surrogate pair; no database could keep it");
            }
        }
        return Collections.unmodifiableSet(new TreeSet<>(keys));
    }

    private static Set<String> with(Set<String> keys, String key) {
        Set<String> more = new TreeSet<>(keys);
        more.add(key);
        return more;
    }

    private static Set<String> without(Set<String> keys, String key) {
        Set<String> fewer = new TreeSet<>(keys);
        fewer.remove(key);
        return fewer;
    }
}
