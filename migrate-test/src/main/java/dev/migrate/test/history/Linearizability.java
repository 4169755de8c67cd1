package dev.migrate.test.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the answers of a history are those of one register per key: whether there is an order of the operations, each at one moment between its call and its
 * answer, in which every read finds what was written last.
 *
 * <p>Exact: it finds an order where there is one. Keys are looked at one by one, which is enough, because linearizability is local. The time is
 * nearly linear in the operations of a key, and grows exponentially with the writes of one key that are under way at the same moment, of which
 * there may be up to 60. An unknown write counts as under way only until a read has found its value, where no other write writes the same one; so give
 * every write a value of its own.
 *
 * <pre>{@code
 * assertThat(Linearizability.violations(history)).isEmpty();
 * }</pre>
 */
public final class Linearizability {
    private static final int SHOWN = 12;

    private Linearizability() {}

    /**
     * A key whose history no register explains.
     *
     * @param key the key
     * @param operation the first operation, by the time of the answer, that cannot be explained
     * @param explained what the register can have held when it was answered, as far as the operations before explain it
     * @param before the operations of the key up to that one, the latest at the end; at most a dozen
     */
    public record Violation<K, V>(
            K key, KeyOperation<K, V> operation, List<String> explained, List<KeyOperation<K, V>> before) {
        @Override
        public String toString() {
            return "key " + key + " is not linearizable: " + operation
                    + " cannot be explained; the key can only have held "
                    + explained + ", after "
                    + before.stream().map(KeyOperation::toString).collect(Collectors.joining("\n  ", "\n  ", ""));
        }
    }

    /** The keys that are not linearizable; empty where the history is. Every key is taken to have held nothing at first. */
    public static <K, V> List<Violation<K, V>> violations(Collection<KeyOperation<K, V>> history) {
        return violations(history, Map.of());
    }

    /**
     * The keys that are not linearizable; empty where the history is.
     *
     * @param initial what keys held before the first operation; nothing where a key is not there
     */
    public static <K, V> List<Violation<K, V>> violations(
            Collection<KeyOperation<K, V>> history, Map<K, ? extends V> initial) {
        Map<K, List<KeyOperation<K, V>>> byKey = new LinkedHashMap<>();
        for (KeyOperation<K, V> operation : history) {
            byKey.computeIfAbsent(operation.key(), unused -> new ArrayList<>()).add(operation);
        }
        List<Violation<K, V>> violations = new ArrayList<>();
        byKey.forEach((key, operations) -> {
            @Nullable V first = initial.get(key);
            RegisterSearch<K, V> search = new RegisterSearch<>(operations, first);
            KeyOperation<K, V> unexplained = search.firstUnexplained();
            if (unexplained != null) {
                violations.add(violation(key, unexplained, search.possible(), operations));
            }
        });
        return violations;
    }

    private static <K, V> Violation<K, V> violation(
            K key, KeyOperation<K, V> unexplained, List<String> possible, List<KeyOperation<K, V>> operations) {
        List<KeyOperation<K, V>> before = operations.stream()
                .filter(other -> other.calledAt() <= unexplained.answeredAt())
                .sorted((one, other) -> Long.compare(one.calledAt(), other.calledAt()))
                .toList();
        int from = Math.max(0, before.size() - SHOWN);
        return new Violation<>(key, unexplained, possible, List.copyOf(before.subList(from, before.size())));
    }
}
