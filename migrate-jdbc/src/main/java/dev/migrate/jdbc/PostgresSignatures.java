package dev.migrate.jdbc;

import dev.migrate.Side;
import dev.migrate.jdbc.PostgresRowHash.Cell;
import dev.migrate.table.BoundMapping;
import dev.migrate.table.KeyRange;
import dev.migrate.table.RangeSignatures;
import dev.migrate.table.TableKey;
import java.security.SecureRandom;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signatures of ranges of two tables of PostgreSQL: their number of rows, and the exact sums of two hashes of each row, under seeds that
 * are drawn anew for each comparison.
 *
 * <p>Given only where all columns are of types that {@link SignedType} knows, alike on both sides, and both servers hash a set of probes
 * alike. Thread-safe.
 */
final class PostgresSignatures implements RangeSignatures {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSignatures.class);
    private static final int FIRST_WITH_SEEDED_RECORD_HASH = 140_000;
    private static final int FIRST_WITH_BYTES_HASH = 180_000;
    /** What a server says to a statement that it does not know, or whose probes it has no characters for. */
    private static final List<String> NOT_ABLE = List.of("42", "0A", "22");

    private final SignedSide legacy;
    private final SignedSide target;
    private final long[] seeds;

    private PostgresSignatures(SignedSide legacy, SignedSide target, long[] seeds) {
        this.legacy = legacy;
        this.target = target;
        this.seeds = seeds;
    }

    /** One side's table with the hash of its rows. */
    private record Hashed(JdbcTable table, PostgresRowHash hash) {}

    private record Hashes(long first, long second) {}

    /** Empty where the rows have to be read; the debug log says why. */
    static Optional<RangeSignatures> of(JdbcTable legacy, JdbcTable target, BoundMapping mapping) throws Exception {
        if (!(legacy.dialect() instanceof PostgresTableDialect)
                || !(target.dialect() instanceof PostgresTableDialect)) {
            return Optional.empty();
        }
        if (!mapping.isPlain() || !target.ordersLike(legacy)) {
            return without(legacy, target, "a column is derived, or the keys may order differently");
        }
        try {
            return among(legacy, target, mapping);
        } catch (SQLException failure) {
            String state = failure.getSQLState();
            if (state == null || NOT_ABLE.stream().noneMatch(state::startsWith)) {
                throw failure;
            }
            return without(legacy, target, "a server does not know the hash: SQLSTATE " + state);
        }
    }

    private static Optional<RangeSignatures> among(JdbcTable legacy, JdbcTable target, BoundMapping mapping)
            throws Exception {
        PostgresCatalogue inLegacy = catalogue(legacy);
        PostgresCatalogue inTarget = catalogue(target);
        int version = Math.min(inLegacy.version(), inTarget.version());
        if (version < FIRST_WITH_SEEDED_RECORD_HASH || !inLegacy.encoding().equals(inTarget.encoding())) {
            return without(legacy, target, "the servers are too old, or encode text differently");
        }
        List<Cell> legacyCells = new ArrayList<>();
        List<Cell> targetCells = new ArrayList<>();
        for (BoundMapping.Pair pair : mapping.pairs()) {
            PostgresCatalogue.Column one = inLegacy.columns().get(pair.legacy().name());
            PostgresCatalogue.Column other =
                    inTarget.columns().get(pair.target().name());
            Optional<SignedType> type = one == null || other == null || !one.isLike(other)
                    ? Optional.empty()
                    : SignedType.of(one.type(), one.modifier());
            if (one == null || other == null || type.isEmpty()) {
                return without(
                        legacy,
                        target,
                        "column '" + pair.legacy().name() + "' of type "
                                + pair.legacy().type()
                                + " is not of a type that a signature stands for, alike on both sides");
            }
            boolean mayBeNull = !one.isRequired() || !other.isRequired();
            legacyCells.add(new Cell(legacy.rows().sql().name(pair.legacy()), type.get(), mayBeNull));
            targetCells.add(new Cell(target.rows().sql().name(pair.target()), type.get(), mayBeNull));
        }
        boolean hashesBytes = version >= FIRST_WITH_BYTES_HASH;
        return calibrated(
                new Hashed(legacy, new PostgresRowHash(legacyCells, hashesBytes)),
                new Hashed(target, new PostgresRowHash(targetCells, hashesBytes)));
    }

    private static PostgresCatalogue catalogue(JdbcTable table) throws Exception {
        return table.reading(
                connection -> PostgresCatalogue.read(connection, table.found().qualified()));
    }

    private static Optional<RangeSignatures> calibrated(Hashed legacy, Hashed target) throws Exception {
        SecureRandom random = new SecureRandom();
        long[] seeds = {random.nextLong(), random.nextLong()};
        Set<Hashes> inLegacy = probes(legacy, seeds);
        boolean isAble = !inLegacy.isEmpty() && inLegacy.equals(probes(target, seeds));
        return isAble
                ? Optional.of(new PostgresSignatures(
                        new SignedSide(legacy.table(), legacy.hash()),
                        new SignedSide(target.table(), target.hash()),
                        seeds))
                : without(legacy.table(), target.table(), "the servers do not hash the probes alike");
    }

    /** The hashes of the probes; none where two of them have the same. */
    private static Set<Hashes> probes(Hashed side, long[] seeds) throws Exception {
        return side.table().reading(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(side.hash().probes())) {
                select.setLong(1, seeds[0]);
                select.setLong(2, seeds[1]);
                try (ResultSet rows = select.executeQuery()) {
                    Set<Hashes> hashes = new HashSet<>();
                    while (rows.next()) {
                        if (!hashes.add(new Hashes(rows.getLong(1), rows.getLong(2)))) {
                            return Set.of();
                        }
                    }
                    return hashes;
                }
            }
        });
    }

    private static Optional<RangeSignatures> without(JdbcTable legacy, JdbcTable target, String why) {
        LOG.debug("all rows of '{}' and '{}' are read to be compared: {}", legacy.name(), target.name(), why);
        return Optional.empty();
    }

    @Override
    public List<Signature> of(Side side, List<KeyRange> ranges) throws Exception {
        return (side == Side.LEGACY ? legacy : target).signatures(ranges, seeds);
    }

    @Override
    public Optional<TableKey> boundary(KeyRange range, int rows) throws Exception {
        return legacy.boundary(range, rows);
    }

    @Override
    public Chunk first(KeyRange range, int rows) throws Exception {
        Optional<Chunk> first = legacy.first(range, rows, seeds);
        return first.isPresent() ? first.get() : RangeSignatures.super.first(range, rows);
    }

    @Override
    public List<KeyRange> cut(KeyRange range, int rows) throws Exception {
        List<KeyRange> ranges = new ArrayList<>();
        TableKey after = range.after();
        for (TableKey upTo : legacy.everyNth(range, rows)) {
            if (!upTo.equals(range.upTo())) {
                ranges.add(new KeyRange(after, upTo));
                after = upTo;
            }
        }
        ranges.add(new KeyRange(after, range.upTo()));
        return ranges;
    }

    @Override
    public void close() {
        try {
            legacy.close();
        } finally {
            target.close();
        }
    }

    @Override
    public String toString() {
        return "PostgresSignatures[" + legacy + " and " + target + "]";
    }
}
