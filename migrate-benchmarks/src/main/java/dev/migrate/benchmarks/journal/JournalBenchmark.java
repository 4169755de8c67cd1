package dev.migrate.benchmarks.journal;

import dev.migrate.benchmarks.measure.Claim;
import dev.migrate.benchmarks.measure.Quantity;
import dev.migrate.benchmarks.measure.Reference;
import dev.migrate.benchmarks.measure.TimedGroup;
import java.util.List;

/**
 * Acknowledged writes on PostgreSQL, committed to disk, by sixteen clients: plain, owed in the journal, and put into an outbox in the same transaction.
 *
 * <p>{@code journalled} and {@code outbox} leave the copies to later; {@code copied} and {@code outboxProcessed} make them beside the writes, on the
 * same two cores and the same server.
 */
public final class JournalBenchmark {
    private JournalBenchmark() {}

    /** What is run and claimed. */
    public static TimedGroup group() {
        return new TimedGroup(
                "journal",
                JournalWorld.CLIENTS,
                List.of(
                        "plain",
                        "journalled",
                        "outbox",
                        "copied",
                        "outboxProcessed",
                        "plainFiveStatements",
                        "journalledFiveStatements"),
                List.of(
                        Claim.fasterBy("journal.write/plain", "journalled", 0.58, Reference.benchmark("plain")),
                        Claim.atMost(
                                "journal.write/plain p99",
                                "journalled",
                                Quantity.P99,
                                1 / 0.58,
                                Reference.benchmark("plain")),
                        Claim.fasterBy(
                                "journal.five/plain",
                                "journalledFiveStatements",
                                0.80,
                                Reference.benchmark("plainFiveStatements")),
                        Claim.fasterBy("journal.write/outbox", "journalled", 1.5, Reference.benchmark("outbox")),
                        Claim.fasterBy("journal.copied/outbox", "copied", 1.5, Reference.benchmark("outboxProcessed"))),
                JournalWorld::new);
    }
}
