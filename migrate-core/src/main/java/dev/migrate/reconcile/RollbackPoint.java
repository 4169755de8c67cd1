package dev.migrate.reconcile;

import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.internal.CanonicalKeys;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What legacy's rows of one kind came to at a moment, and what its schema was: the number of rows and digests of them, and no value.
 *
 * <p>Taken, listed and checked by {@link RollbackPoints}. Immutable.
 */
public final class RollbackPoint {
    private static final String FORMAT = "1";
    private final String name;
    private final Instant taken;
    private final Position position;
    private final long epoch;
    private final long since;
    private final String schema;
    private final PartDigests digests;

    /**
     * What is known of one.
     *
     * @param since the earliest epoch that the version of a later write can have
     * @param schema the fingerprint; empty where none was asked for
     */
    RollbackPoint(
            String name, Instant taken, Position position, long epoch, long since, String schema, PartDigests digests) {
        this.name = name;
        this.taken = taken;
        this.position = position;
        this.epoch = epoch;
        this.since = since;
        this.schema = schema;
        this.digests = digests;
    }

    /** Its name, unique for this kind of records. */
    public String name() {
        return name;
    }

    /** When it was taken, by the migration's clock. */
    public Instant taken() {
        return taken;
    }

    /** Where the migration stood. */
    public Position position() {
        return position;
    }

    /** The migration's epoch. */
    public long epoch() {
        return epoch;
    }

    /** How many rows legacy had. */
    public long rows() {
        return digests.rows();
    }

    /** The fingerprint of legacy's schema; empty where none was asked for. */
    public Optional<String> schema() {
        return schema.isEmpty() ? Optional.empty() : Optional.of(schema);
    }

    long since() {
        return since;
    }

    PartDigests digests() {
        return digests;
    }

    String format() {
        return CanonicalKeys.encode(
                List.of(FORMAT, taken.toString(), position.toString(), epoch, since, schema, digests.format()));
    }

    static RollbackPoint parse(String name, String text) {
        List<?> parts = (List<?>) CanonicalKeys.decode(text);
        if (!FORMAT.equals(parts.get(0))) {
            throw new MigrationException("rollback point '" + name + "' is of format " + parts.get(0)
                    + ", which this version of the library does not know; check it with the version that took it");
        }
        return new RollbackPoint(
                name,
                Instant.parse((String) parts.get(1)),
                Position.parse((String) parts.get(2)),
                (Long) parts.get(3),
                (Long) parts.get(4),
                (String) parts.get(5),
                PartDigests.parse((String) parts.get(6)));
    }

    @Override
    public String toString() {
        return "RollbackPoint[" + name + ": " + rows() + " rows at " + taken + ", " + position + "]";
    }
}
