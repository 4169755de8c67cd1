package dev.migrate.jdbc;

import dev.migrate.internal.CanonicalKeys;
import dev.migrate.reconcile.Hint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Hints as text: names of fields, each before its rule. */
final class HintText {
    private HintText() {}

    static String of(Map<String, Hint> hints) {
        List<String> parts = new ArrayList<>();
        new TreeMap<>(hints).forEach((field, hint) -> {
            parts.add(field);
            parts.add(hint.name());
        });
        return CanonicalKeys.encode(parts);
    }

    static Map<String, Hint> parse(String text) {
        List<?> parts = (List<?>) CanonicalKeys.decode(text);
        Map<String, Hint> hints = new TreeMap<>();
        for (int at = 0; at < parts.size(); at += 2) {
            hints.put(String.valueOf(parts.get(at)), Hint.valueOf(String.valueOf(parts.get(at + 1))));
        }
        return hints;
    }
}
