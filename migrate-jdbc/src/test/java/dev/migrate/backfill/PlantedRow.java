package dev.migrate.backfill;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A row by its key, and what becomes of it after the backfill.
 *
 * @param key the values of the key's columns
 * @param fate what becomes of it
 */
record PlantedRow(List<Object> key, Fate fate) {
    enum Fate {
        STAYS,
        MISSING,
        DIFFERENT,
        /** In the target alone. */
        EXTRA
    }

    String canonical() {
        List<String> parts = key.stream().map(KeyPart::canonical).toList();
        return parts.size() == 1
                ? parts.get(0)
                : parts.stream()
                        .map(part -> "," + part.length() + ":" + part)
                        .collect(Collectors.joining("", "c:" + parts.size(), ""));
    }

    int value() {
        return canonical().hashCode() % 1_000;
    }
}
