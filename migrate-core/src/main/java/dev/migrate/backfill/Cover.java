package dev.migrate.backfill;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Stage;
import java.util.Optional;

/** For how long the journal has covered every write: a backfill holds for that time alone. */
final class Cover {
    private static final int ENTRIES = 10_000;

    private Cover() {}

    /** The epoch at which the migration last left LEGACY_ONLY; 0 where it never did. */
    static long generation(Migration migration) {
        return migration.audit(ENTRIES).stream()
                .filter(Cover::beginsToCopy)
                .mapToLong(AuditEntry::version)
                .max()
                .orElse(0);
    }

    private static boolean beginsToCopy(AuditEntry entry) {
        return Optional.ofNullable(entry.from())
                                .map(Position::parse)
                                .map(Position::stage)
                                .orElse(Stage.LEGACY_ONLY)
                        == Stage.LEGACY_ONLY
                && Position.parse(entry.to()).stage() != Stage.LEGACY_ONLY;
    }
}
