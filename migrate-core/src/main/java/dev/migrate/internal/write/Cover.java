package dev.migrate.internal.write;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Setting;
import dev.migrate.Stage;
import dev.migrate.side.Owed;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.Role;
import dev.migrate.side.SideBooks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For how long the journal has covered every write of one kind of records.
 *
 * <p>A generation begins when the migration leaves {@code LEGACY_ONLY}, and is named by the epoch of that step, which the audit trail has.
 * Stepping back ends it: legacy is then written and nobody owes anything, so rows that were copied before grow stale, and a backfill does
 * not touch rows that are there. In every generation but the first the two sides must therefore be proved equal, by a reconciliation
 * without a difference, before legacy may hand authority over. The proof is kept in the store, so that every node knows.
 */
public final class Cover {
    private static final Logger LOG = LoggerFactory.getLogger(Cover.class);
    private static final int ENTRIES = 100_000;
    private static final int PAGE = 1_000;
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(20);
    private final Migration migration;
    private final String name;

    /** The cover of one kind of records. */
    public Cover(Migration migration, String records) {
        this.migration = migration;
        this.name = migration.name() + "/" + records;
    }

    /** The epoch at which the migration last left LEGACY_ONLY; 0 where it never did. */
    public static long generation(Migration migration) {
        return generations(migration).stream().findFirst().orElse(0L);
    }

    /** The newest first. */
    private static List<Long> generations(Migration migration) {
        return migration.audit(ENTRIES).stream()
                .filter(Cover::leavesLegacyOnly)
                .map(AuditEntry::version)
                .toList();
    }

    private static boolean leavesLegacyOnly(AuditEntry entry) {
        return stage(entry.from()) == Stage.LEGACY_ONLY && stage(entry.to()) != Stage.LEGACY_ONLY;
    }

    private static Stage stage(@Nullable String position) {
        return position == null ? Stage.LEGACY_ONLY : Position.parse(position).stage();
    }

    /**
     * Waits until every write of legacy is owed: every node has acknowledged the generation, and legacy's own role says so, as it does not yet
     * where a step was cut off. Before that, a row that is copied or found equal may be written without anybody's owing it.
     *
     * @param pause waits for a length of time
     * @return the generation
     * @throws MigrationException where that takes too long
     */
    public long awaitBegun(SideBooks legacy, Consumer<Duration> pause) {
        long generation = generation(migration);
        migration.requireAcknowledged(generation);
        Duration waited = Duration.ZERO;
        while (!isOwing(legacy, generation)) {
            if (waited.compareTo(LONGEST_WAIT) >= 0) {
                throw new MigrationException(
                        "records '" + name + "': legacy's own role does not say that its writes are owed, "
                                + LONGEST_WAIT
                                + " after the migration left LEGACY_ONLY; a step was cut off: build the router of these"
                                + " records, which ends it, or call raiseEpoch(..), and run this again");
            }
            pause.accept(POLL);
            waited = waited.plus(POLL);
        }
        return generation;
    }

    private static boolean isOwing(SideBooks legacy, long generation) {
        return legacy.roles().stream()
                .allMatch(role -> role.role() == Role.SHADOW || (role.journalled() && role.epoch() >= generation));
    }

    /**
     * Whether a comparison that begins now can prove the two sides equal, once it has waited for what such a proof relies on.
     *
     * @param pause waits for a length of time
     * @return the generation for which it can; empty where no proof is needed or possible
     */
    public OptionalLong beginProof(SideBooks legacy, SideBooks target, Consumer<Duration> pause) {
        boolean isCopying = migration.view().position().stage() != Stage.LEGACY_ONLY;
        if (!isCopying || !needsProof()) {
            return OptionalLong.empty();
        }
        long generation = awaitBegun(legacy, pause);
        if (owesFromBefore(legacy, generation) || owesFromBefore(target, generation)) {
            LOG.warn(
                    "records '{}': a comparison cannot prove both sides equal yet, because keys are still owed from before the"
                            + " migration stepped back to LEGACY_ONLY; run it again once they have arrived, and look at parked() and"
                            + " dismissed()",
                    name);
            return OptionalLong.empty();
        }
        return OptionalLong.of(generation);
    }

    /**
     * Whether a side still owes what it owed in an earlier generation. A copier of that time, paused since, may put an old value where both sides
     * were equal: nobody has owed what legacy wrote in between. What is owed now carries a later version, and brings the present value after it.
     */
    private static boolean owesFromBefore(SideBooks books, long generation) {
        OwedKeys owed = books.owedKeys();
        List<Owed> page = owed.page(null, PAGE);
        while (!page.isEmpty()) {
            if (page.stream().anyMatch(key -> key.version().epoch() < generation)) {
                return true;
            }
            page = owed.page(page.get(page.size() - 1).key(), PAGE);
        }
        return false;
    }

    /**
     * The two sides have been compared completely, and no difference was found.
     *
     * @param during the generation when the comparison began
     */
    public void proved(long during) {
        if (needsProof()) {
            long version = stored().map(Setting::version).orElse(0L);
            migration
                    .store()
                    .change(
                            Setting.Kind.COVER,
                            name,
                            version,
                            Long.toString(during),
                            migration.operator(),
                            "a complete comparison has found no difference");
        }
    }

    /** Whether the two sides have yet to be proved equal in this generation. */
    public boolean needsProof() {
        List<Long> generations = generations(migration);
        long proved = stored().map(Setting::value).map(Long::parseLong).orElse(0L);
        return generations.size() > 1 && proved < generations.get(0);
    }

    private Optional<Setting> stored() {
        return migration.store().find(Setting.Kind.COVER, name);
    }
}
