package dev.migrate.jdbc;

import dev.migrate.Side;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.ReviewQueue;
import dev.migrate.reconcile.ReviewRules;
import dev.migrate.reconcile.ReviewRules.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reviews in a store's database: each change locks its row, and two who open the same one at once try again. */
final class JdbcReviews implements ReviewQueue {
    private final JdbcMigrationStore store;
    private final ReviewRows rows;

    JdbcReviews(JdbcMigrationStore store, String migration, String records) {
        this.store = store;
        this.rows = new ReviewRows(migration, records);
    }

    private Instant now() {
        return store.time().instant().truncatedTo(ChronoUnit.MICROS);
    }

    @Override
    public Review add(Review.Found found, String who) {
        StorableText.key(found.key());
        StorableText.check("who", who);
        Instant now = now();
        return store.transaction("open a review", connection -> {
            Optional<Review> before = rows.find(connection, found.key(), " for update");
            Change change = ReviewRules.add(before.orElse(null), found, who, now);
            return rows.keep(connection, change, before.isPresent());
        });
    }

    private Optional<Review> change(String doing, String key, BiFunction<Review, Instant, Optional<Change>> rule) {
        Instant now = now();
        return store.transaction(doing, connection -> {
            Optional<Review> before = rows.find(connection, key, " for update");
            Optional<Change> change = before.flatMap(review -> rule.apply(review, now));
            return change.isEmpty() ? Optional.empty() : Optional.of(rows.keep(connection, change.get(), true));
        });
    }

    @Override
    public Optional<Review> find(String key) {
        return store.ask("read a review", connection -> rows.find(connection, key, ""));
    }

    @Override
    public List<Review> list(Review.State state, int limit) {
        return store.ask("list reviews", connection -> rows.list(connection, state, limit));
    }

    @Override
    public long count(Review.State state) {
        return store.ask("count reviews", connection -> rows.count(connection, state));
    }

    @Override
    public Optional<Review> claim(String key, String who, Duration lease) {
        StorableText.check("who", who);
        return change("claim a review", key, (before, now) -> ReviewRules.claim(before, who, lease, now));
    }

    @Override
    public boolean release(String key, String who) {
        return change("give a review back", key, (before, now) -> ReviewRules.release(before, who, now))
                .isPresent();
    }

    @Override
    public Review decide(String key, Side right, String who, String note) {
        StorableText.check("note", note);
        return change(
                        "decide a review",
                        key,
                        (before, now) -> Optional.of(ReviewRules.decide(before, right, who, note, now)))
                .orElseThrow(ReviewRules::unknown);
    }

    @Override
    public Review accept(String key, String who, String note) {
        StorableText.check("note", note);
        return change("accept a review", key, (before, now) -> Optional.of(ReviewRules.accept(before, who, note, now)))
                .orElseThrow(ReviewRules::unknown);
    }

    @Override
    public boolean close(String key, long version, String who, String note) {
        StorableText.check("who", who);
        StorableText.check("note", note);
        return change("close a review", key, (before, now) -> ReviewRules.close(before, version, who, note, now))
                .isPresent();
    }

    @Override
    public List<Review.Entry> audit(String key, int limit) {
        return store.ask("read the audit trail of a review", connection -> rows.audit(connection, key, limit));
    }
}
