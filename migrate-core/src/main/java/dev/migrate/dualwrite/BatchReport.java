package dev.migrate.dualwrite;

import dev.migrate.MigrationException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of each value of a batch, in the batch's order.
 *
 * <p>A batch is not a transaction: each key is a write of its own.
 */
public record BatchReport<K, V>(List<Result<K, V>> results) {
    /**
     * What became of one value.
     *
     * @param key its key
     * @param saved the value as the authoritative side holds it; null where the write failed
     * @param failure as it was thrown; null where the write was acknowledged
     */
    public record Result<K, V>(
            K key, @Nullable V saved, @Nullable Throwable failure) {
        /** Whether the write was acknowledged. */
        public boolean isAcknowledged() {
            return failure == null;
        }

        /** The key and the outcome, without the value. */
        @Override
        public String toString() {
            return failure == null
                    ? "acknowledged"
                    : "failed with " + failure.getClass().getName();
        }
    }

    /** Copies the list. */
    public BatchReport {
        results = List.copyOf(results);
    }

    /** Whether every write was acknowledged. */
    public boolean isComplete() {
        return results.stream().allMatch(Result::isAcknowledged);
    }

    /** The results of the writes that failed. */
    public List<Result<K, V>> failures() {
        return results.stream().filter(result -> !result.isAcknowledged()).toList();
    }

    /** Throws where a write failed, with the first failure as its cause and the others suppressed. */
    public void orElseThrow() {
        List<Result<K, V>> failures = failures();
        if (!failures.isEmpty()) {
            MigrationException failed = new MigrationException(
                    failures.size() + " of " + results.size()
                            + " writes of the batch failed; the others were acknowledged",
                    failures.get(0).failure());
            failures.stream()
                    .skip(1)
                    .forEach(result -> failed.addSuppressed(java.util.Objects.requireNonNull(result.failure())));
            throw failed;
        }
    }
}
