package dev.migrate.verify.cluster;

import dev.migrate.test.history.KeyOperation;
import dev.migrate.test.history.Linearizability;
import dev.migrate.test.history.Linearizability.Violation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the acknowledged writes.
 *
 * @param lost the keys whose final value on the authoritative side is that of no write that the last acknowledged one allows
 * @param lostOnShadow the same of the other side
 * @param diverged the keys whose rows differ
 * @param violations the keys whose history, with a read of the final authoritative value at its end, is not linearizable
 */
record Verdict(
        List<Long> lost, List<Long> lostOnShadow, List<Long> diverged, List<Violation<Long, String>> violations) {

    static Verdict of(
            List<Call> calls,
            Map<Long, String> seeded,
            Map<Long, String> authority,
            Map<Long, String> shadow,
            int keys) {
        List<KeyOperation<Long, String>> history = new ArrayList<>();
        calls.forEach(call -> call.asOperation().ifPresent(history::add));
        Map<Long, List<KeyOperation<Long, String>>> writes = writes(history);
        List<Long> lost = new ArrayList<>();
        List<Long> lostOnShadow = new ArrayList<>();
        List<Long> diverged = new ArrayList<>();
        long end = System.nanoTime();
        for (long key = 0; key < keys; key++) {
            @Nullable String held = authority.get(key);
            @Nullable String copied = shadow.get(key);
            Set<Optional<String>> allowed = allowed(writes.getOrDefault(key, List.of()), seeded.get(key));
            if (!allowed.contains(Optional.ofNullable(held))) {
                lost.add(key);
            }
            if (!allowed.contains(Optional.ofNullable(copied))) {
                lostOnShadow.add(key);
            }
            if (!Objects.equals(held, copied)) {
                diverged.add(key);
            }
            history.add(KeyOperation.read(key, Optional.ofNullable(held), end, end + 1));
        }
        return new Verdict(lost, lostOnShadow, diverged, Linearizability.violations(history, seeded));
    }

    private static Map<Long, List<KeyOperation<Long, String>>> writes(List<KeyOperation<Long, String>> history) {
        Map<Long, List<KeyOperation<Long, String>>> writes = new HashMap<>();
        for (KeyOperation<Long, String> operation : history) {
            if (operation.kind() == KeyOperation.Kind.WRITE) {
                writes.computeIfAbsent(operation.key(), unused -> new ArrayList<>())
                        .add(operation);
            }
        }
        return writes;
    }

    /** The values of all writes that had not been answered before the last acknowledged one was called: any of them may be the last. */
    private static Set<Optional<String>> allowed(List<KeyOperation<Long, String>> writes, @Nullable String seeded) {
        long lastCalled = writes.stream()
                .filter(write -> !write.isUnknown())
                .mapToLong(KeyOperation::calledAt)
                .max()
                .orElse(Long.MIN_VALUE);
        Set<Optional<String>> allowed = new HashSet<>();
        if (lastCalled == Long.MIN_VALUE) {
            allowed.add(Optional.ofNullable(seeded));
        }
        writes.stream()
                .filter(write -> write.answeredAt() >= lastCalled)
                .forEach(write -> allowed.add(Optional.ofNullable(write.value())));
        return allowed;
    }

    boolean isClean() {
        return lost.isEmpty() && lostOnShadow.isEmpty() && diverged.isEmpty() && violations.isEmpty();
    }
}
