package dev.migrate.store;

import dev.migrate.Side;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.ReviewQueue;
import dev.migrate.reconcile.ReviewRules;
import dev.migrate.reconcile.ReviewRules.Change;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reviews in memory. */
final class InMemoryReviews implements ReviewQueue {
    private final InstantSource time;
    private final Map<String, Review> reviews = new HashMap<>();
    private final Map<String, List<Review.Entry>> audit = new HashMap<>();

    InMemoryReviews(InstantSource time) {
        this.time = time;
    }

    @Override
    public synchronized Review add(Review.Found found, String who) {
        return keep(ReviewRules.add(reviews.get(found.key()), found, who, time.instant()));
    }

    private Review keep(Change change) {
        Review review = change.review();
        reviews.put(review.key(), review);
        Review.Entry entry = change.entry();
        if (entry != null) {
            audit.computeIfAbsent(review.key(), unused -> new ArrayList<>()).add(0, entry);
        }
        return review;
    }

    private synchronized Optional<Review> change(String key, BiFunction<Review, Instant, Optional<Change>> rule) {
        return find(key).flatMap(before -> rule.apply(before, time.instant())).map(this::keep);
    }

    @Override
    public synchronized Optional<Review> find(String key) {
        return Optional.ofNullable(reviews.get(key));
    }

    @Override
    public synchronized List<Review> list(Review.State state, int limit) {
        return reviews.values().stream()
                .filter(review -> review.state() == state)
                .sorted(Comparator.comparing(Review::since).thenComparing(Review::key))
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long count(Review.State state) {
        return reviews.values().stream()
                .filter(review -> review.state() == state)
                .count();
    }

    @Override
    public Optional<Review> claim(String key, String who, Duration lease) {
        return change(key, (before, now) -> ReviewRules.claim(before, who, lease, now));
    }

    @Override
    public boolean release(String key, String who) {
        return change(key, (before, now) -> ReviewRules.release(before, who, now))
                .isPresent();
    }

    @Override
    public Review decide(String key, Side right, String who, String note) {
        return change(key, (before, now) -> Optional.of(ReviewRules.decide(before, right, who, note, now)))
                .orElseThrow(ReviewRules::unknown);
    }

    @Override
    public Review accept(String key, String who, String note) {
        return change(key, (before, now) -> Optional.of(ReviewRules.accept(before, who, note, now)))
                .orElseThrow(ReviewRules::unknown);
    }

    @Override
    public boolean close(String key, long version, String who, String note) {
        return change(key, (before, now) -> ReviewRules.close(before, version, who, note, now))
                .isPresent();
    }

    @Override
    public synchronized List<Review.Entry> audit(String key, int limit) {
        List<Review.Entry> all = audit.getOrDefault(key, List.of());
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }
}
