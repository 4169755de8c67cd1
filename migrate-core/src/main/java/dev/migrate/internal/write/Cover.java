package dev.migrate.internal.write;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Setting;
import dev.migrate.Stage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * For how long the journal has covered every write of one kind of records.
 *
 * <p>A generation begins when the migration leaves {@code LEGACY_ONLY}, and is named by the epoch of that step, which the audit trail has.
 * Stepping back ends it: legacy is then written and nobody owes anything, so rows that were copied before grow stale, and a backfill does
 * not touch rows that are there. In every generation but the first the two sides must therefore be proved equal, by a reconciliation
 * without a difference, before legacy may hand authority over. The proof is kept in the store, so that every node knows.
 */
public final class Cover {
    private static final int ENTRIES = 100_000;
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
