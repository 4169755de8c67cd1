package dev.migrate.jdbc;

import dev.migrate.Version;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Looks keys up in the journal and the ledger of a side, as many at once as a statement takes. */
record KeyLookup(Journal journal, BookStatements statements) {
    private static final int KEYS_PER_STATEMENT = 500;
    private static final int FEW_KEYS = 2_000;

    Optional<Version> owed(String key) {
        return statements.statement("read a debt", connection -> journal.owed(connection, key));
    }

    Map<String, Version> owed(Collection<String> keys) {
        Map<String, Version> found = new HashMap<>();
        inParts(
                keys,
                some -> found.putAll(statements.statement("read debts", connection -> journal.owed(connection, some))));
        return found;
    }

    /** Many keys are looked up in what is there, where that is little: one question instead of many. */
    Set<String> among(String table, String condition, Collection<String> keys) {
        if (keys.size() > KEYS_PER_STATEMENT) {
            Set<String> first = statements.statement(
                    "read keys", connection -> journal.first(connection, table, condition, FEW_KEYS + 1));
            if (first.size() <= FEW_KEYS) {
                first.retainAll(Set.copyOf(keys));
                return first;
            }
        }
        Set<String> found = new HashSet<>();
        inParts(
                keys,
                some -> found.addAll(statements.statement(
                        "look keys up", connection -> journal.among(connection, table, condition, some))));
        return found;
    }

    /** Hands keys on, as many at once as a statement takes. */
    static void inParts(Collection<String> keys, Consumer<List<String>> part) {
        List<String> all = List.copyOf(keys);
        for (int from = 0; from < all.size(); from += KEYS_PER_STATEMENT) {
            part.accept(all.subList(from, Math.min(all.size(), from + KEYS_PER_STATEMENT)));
        }
    }
}
