package dev.migrate;

import java.util.Optional;

/**
 * Whether every write since the backfill is known to have been copied.
 *
 * <p>Stepping back to {@code LEGACY_ONLY} ends that: legacy is then written and nobody owes anything, so rows that were copied before grow
 * stale, and a backfill does not touch rows that are there. From then on the two sides must be proved equal, by a reconciliation without a
 * difference, before legacy may hand authority over.
 */
final class Cover {
    private static final String BROKEN = "BROKEN";
    private static final String PROVED = "PROVED";
    private final Migration migration;

    Cover(Migration migration) {
        this.migration = migration;
    }

    void broken(String why) {
        set(BROKEN, why);
    }

    void proved(String why) {
        if (isBroken()) {
            set(PROVED, why);
        }
    }

    boolean isBroken() {
        return stored().filter(cover -> cover.value().equals(BROKEN)).isPresent();
    }

    private Optional<Setting> stored() {
        return migration.store().find(Setting.Kind.COVER, migration.name());
    }

    private void set(String value, String why) {
        long version = stored().map(Setting::version).orElse(0L);
        migration.store().change(Setting.Kind.COVER, migration.name(), version, value, migration.operator(), why);
    }
}
