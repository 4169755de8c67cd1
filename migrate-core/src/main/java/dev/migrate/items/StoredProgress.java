package dev.migrate.items;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import java.util.Optional;

/** The progress of one backfill in the store, which each run changes only from what it has seen itself: two runs cannot both go on. */
final class StoredProgress {
    private final Migration migration;
    private final String name;
    private final String backfill;
    private long version;

    StoredProgress(Migration migration, String records, String backfill) {
        this.migration = migration;
        this.name = migration.name() + "/" + records;
        this.backfill = backfill;
    }

    Optional<ItemProgress> find() {
        Optional<Setting> stored = migration.store().find(Setting.Kind.ITEMS, name);
        version = stored.map(Setting::version).orElse(0L);
        return stored.map(Setting::value).map(ItemProgress::parse);
    }

    /** Replaces what was found or changed last. */
    void change(ItemProgress to) {
        String why = to.counts().read() + " items are done, " + to.batch().size() + " are next";
        try {
            version = migration
                    .store()
                    .change(Setting.Kind.ITEMS, name, version, to.format(), migration.operator(), why)
                    .version();
        } catch (StaleChangeException overtaken) {
            throw new MigrationException(
                    backfill
                            + " is being run by somebody else too, who has gone on; nothing is lost: let the other go on,"
                            + " or call run() again",
                    overtaken);
        }
    }
}
