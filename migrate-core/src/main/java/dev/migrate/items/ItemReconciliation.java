package dev.migrate.items;

import dev.migrate.Gate;
import dev.migrate.KeyCodec;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.internal.RecentRate;
import dev.migrate.internal.Waiting;
import dev.migrate.internal.option.Bounds;
import dev.migrate.internal.option.Looks;
import dev.migrate.internal.option.Required;
import dev.migrate.internal.write.Cover;
import dev.migrate.internal.write.KeyNames;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares a legacy collection of items with its target while both are written: which are missing, which are extra, and which have another content.
 *
 * <p>Contents are compared by length and SHA-256; a digest that a collection does not know is computed by reading the item, with no more than a
 * buffer in memory. A difference at first sight is only a suspicion: it is looked at again until the journal has nothing on its way for the key, and
 * neither side changes meanwhile. Nothing is changed; {@code router.touched(keys)} has what differs brought over from the authoritative side.
 *
 * <pre>{@code
 * ItemReconciliationReport report = ItemReconciliation.of(documents).legacy(files).target(bucket).build().run();
 * }</pre>
 *
 * <p>Thread-safe; it works on the thread that calls {@link #run}.
 */
public final class ItemReconciliation {
    final Migration migration;
    final ReadableItems legacy;
    final ReadableItems target;
    final int pageItems;
    final int mostDifferences;
    private final String records;
    private final KeyNames<String> names;
    private final Looks looks;
    private final Consumer<Duration> pause;
    private volatile @Nullable ItemReconciliationReport latest;

    private ItemReconciliation(Builder options, ReadableItems legacy, ReadableItems target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.records = options.records;
        this.names = new KeyNames<>(migration, options.codec, options.partition);
        this.pageItems = options.pageItems;
        this.mostDifferences = options.mostDifferences;
        this.looks = options.looks;
        this.pause = options.pause;
    }

    /** Begins to describe a reconciliation. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /**
     * Compares all items, and returns when every difference is confirmed, cleared, or found to be still on its way.
     *
     * @throws MigrationException where the migration's store keeps no books
     */
    public ItemReconciliationReport run() throws Exception {
        long begun = migration.nanoTime();
        migration.refresh();
        ItemBooks books = new ItemBooks(migration, records, names);
        Cover cover = new Cover(migration, records);
        OptionalLong proves = cover.beginProof(books.of(Side.LEGACY), books.of(Side.TARGET), pause);
        RecentRate rate = new RecentRate(begun, 0);
        ItemComparison comparison = new ItemComparison(this, books, compared -> publish(compared, 0, rate, false));
        comparison.pass();
        comparison.lookAgain(looks, pause);
        ItemReconciliationReport report = comparison.report(Duration.ofNanos(migration.nanoTime() - begun));
        latest = report;
        if (report.isClean()) {
            proves.ifPresent(cover::proved);
        }
        publish(report.itemsCompared(), report.confirmed().size() + report.notLookedAtAgain(), rate, true);
        return report;
    }

    private void publish(long items, long differences, RecentRate rate, boolean isDone) {
        migration.publish(new MigrationEvent.ReconciliationProgress(
                migration.name(),
                target.name(),
                items,
                0,
                isDone ? items : 0,
                differences,
                rate.at(migration.nanoTime(), items),
                isDone));
    }

    /** A gate that is open when the latest run of this reconciliation was clean; see {@link ItemReconciliationReport#isClean}. */
    public Gate clean() {
        return () -> {
            ItemReconciliationReport report = latest;
            if (report == null) {
                return Optional.of(this + " has not been run; run it first");
            }
            return report.isClean()
                    ? Optional.empty()
                    : Optional.of("the latest run of " + this + " was not clean: " + report
                            + "; have what differs brought over, with touched(..) of the router, and run it again");
        };
    }

    @Override
    public String toString() {
        return "ItemReconciliation[" + migration.name() + "/" + records + ": " + legacy.name() + " and " + target.name()
                + "]";
    }

    /** Describes a reconciliation of items; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable ReadableItems legacy;
        private @Nullable ReadableItems target;
        private String records = Records.DEFAULT_NAME;
        private @Nullable KeyCodec<String> codec;
        private @Nullable Function<? super String, ?> partition;
        private int pageItems = 500;
        private int mostDifferences = 10_000;
        private Looks looks = Looks.DEFAULT;
        private Consumer<Duration> pause = length -> Waiting.pause(length.toNanos());

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** Legacy's collection; required. */
        public Builder legacy(ReadableItems legacy) {
            this.legacy = legacy;
            return this;
        }

        /** The target's collection; required. */
        public Builder target(ReadableItems target) {
            this.target = target;
            return this;
        }

        /** The name of these records, as it was given to the router. Default: {@link Records#DEFAULT_NAME}. */
        public Builder records(String name) {
            this.records = name;
            return this;
        }

        /** The canonical text of the items' keys, as it was given to the router. Default: the key itself. */
        public Builder keyCodec(KeyCodec<String> codec) {
            this.codec = codec;
            return this;
        }

        /** What of a key decides its bucket, as it was given to the router. Default: the whole key. */
        public Builder partition(Function<? super String, ?> partition) {
            this.partition = partition;
            return this;
        }

        /** How many items are listed at a time: 1 to 1,000. Default: 500. */
        public Builder pageItems(int pageItems) {
            this.pageItems = Bounds.between("pageItems", pageItems, 1_000);
            return this;
        }

        /** How many differences are looked at again by one run: 1 to 1,000,000; more are counted. Default: 10,000. */
        public Builder mostDifferences(int mostDifferences) {
            this.mostDifferences = Bounds.between("mostDifferences", mostDifferences, 1_000_000);
            return this;
        }

        /**
         * How often a difference is looked at again before it is left as in flight.
         *
         * @param looks 1 to 1,000; default: 5
         * @param pause between two looks, not negative; default: half a second
         */
        public Builder looks(int looks, Duration pause) {
            this.looks = new Looks(looks, pause);
            return this;
        }

        Builder pause(Consumer<Duration> pause) {
            this.pause = pause;
            return this;
        }

        /**
         * Makes the reconciliation; nothing is read yet.
         *
         * @throws MigrationException where a collection is missing
         */
        public ItemReconciliation build() {
            Required required = new Required("the reconciliation of items", migration.name(), "collection");
            return new ItemReconciliation(this, required.given("legacy", legacy), required.given("target", target));
        }
    }
}
