package dev.migrate.test.schedule;

import dev.migrate.AuditEntry;
import dev.migrate.MigrationStore;
import dev.migrate.MigrationThreads;
import dev.migrate.Position;
import dev.migrate.Records;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.VersionedRecords;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.Role;
import dev.migrate.side.SideBooks;
import dev.migrate.table.TableSide;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What outlives the nodes of one schedule: the store and the two sides. */
final class World {
    static final String MIGRATION = "items";

    /** Some keys of which the first half of the segments has some, and the second has others. */
    static final List<Long> KEYS = List.of(1L, 2L, 3L, 4L);

    /** One that nobody writes before all comes to rest: a write then would mend what is wrong. */
    static final long LAST_KEY = 4;

    final Interleaving run;
    final MigrationThreads threads;
    final MigrationStore store;
    private final ScheduledStore stored;
    private final Between between;
    private final Map<Side, Records<Long, Item>> raw = new EnumMap<>(Side.class);
    private final Map<Side, Records<Long, Item>> records = new EnumMap<>(Side.class);
    private final Map<Side, SideBooks> books = new EnumMap<>(Side.class);
    private final Map<Side, TableSide> tables = new EnumMap<>(Side.class);

    private long owedAllIn;

    World(Interleaving run, ScheduledSides sides, MigrationThreads threads, Between between) {
        this.run = run;
        this.threads = threads;
        this.between = between;
        this.stored = new ScheduledStore(run.quietTime(), between);
        this.store = run.around(MigrationStore.class, "store", stored.asDurable());
        for (Side side : Side.values()) {
            open(side, sides.open(side, run.quietTime()));
        }
    }

    private void open(Side side, Records<Long, Item> opened) {
        String name = side == Side.LEGACY ? "legacy" : "target";
        raw.put(side, opened);
        if (opened instanceof BookedRecords<Long, Item> booked) {
            SideBooks ofSide = between.books(side, booked.books(MIGRATION, Records.DEFAULT_NAME, side));
            books.put(side, ofSide);
            records.put(side, run.around(name, between.records(side, new RebookedRecords(booked, ofSide))));
        } else {
            books.put(side, stored.books(side));
            records.put(side, run.around(name, between.records(side, opened)));
        }
        if (opened instanceof InMemorySide inMemory) {
            SideBooks ofTable = between.tableBooks(side, books(side));
            tables.put(side, run.around(TableSide.class, name, new InMemoryTable(inMemory, ofTable)));
        }
    }

    /** Records with what stands between them and their books. */
    private record RebookedRecords(BookedRecords<Long, Item> inner, SideBooks between)
            implements BookedRecords<Long, Item> {
        @Override
        public Optional<Item> read(Long key) throws Exception {
            return inner.read(key);
        }

        @Override
        public Item write(Long key, Item value) throws Exception {
            return inner.write(key, value);
        }

        @Override
        public void delete(Long key) throws Exception {
            inner.delete(key);
        }

        @Override
        public SideBooks books(String migration, String records, Side side) {
            return between;
        }

        @Override
        public <T> T unwrap(Class<T> type) {
            return inner.unwrap(type);
        }
    }

    /** A side as nodes call it. */
    Records<Long, Item> records(Side side) {
        return Objects.requireNonNull(records.get(side));
    }

    /** The books of a side whose records commit with them, as nodes call them. */
    SideBooks openBooks(Side side) {
        return ((BookedRecords<Long, Item>) records(side)).books(MIGRATION, Records.DEFAULT_NAME, side);
    }

    boolean hasTables() {
        return !tables.isEmpty();
    }

    TableSide table(Side side) {
        return Objects.requireNonNull(tables.get(side));
    }

    /** Whether the sides' records commit with their books. */
    boolean isBooked() {
        return raw.values().stream().allMatch(BookedRecords.class::isInstance);
    }

    /** Whether calls may come late in a schedule: nothing is promised of late calls to sides that do not compare versions, or whose callers die. */
    boolean hasLateCalls(Plan plan) {
        return plan.hasLateCalls() && raw.values().stream().allMatch(VersionedRecords.class::isInstance);
    }

    /** The books of a side, looked at without a turn. */
    SideBooks books(Side side) {
        return Objects.requireNonNull(books.get(side));
    }

    /** Whether neither side owes anything, looked at without a turn. */
    boolean isNothingOwed() {
        return books(Side.LEGACY).debt().isNone() && books(Side.TARGET).debt().isNone();
    }

    /** What a side holds of a key, looked at without a turn. */
    Optional<String> held(Side side, long key) {
        return read(Objects.requireNonNull(raw.get(side)), key).map(Item::value);
    }

    private static Optional<Item> read(Records<Long, Item> from, long key) {
        try {
            return from.read(key);
        } catch (Exception failure) {
            throw new AssertionError("a side cannot be read at the end of a schedule", failure);
        }
    }

    /** A row that was there before. */
    void put(Side side, Item item) {
        try {
            Objects.requireNonNull(raw.get(side)).write(item.key(), item);
        } catch (Exception failure) {
            throw new AssertionError("a side cannot be written at the beginning of a schedule", failure);
        }
    }

    /** Lets the migration begin elsewhere than at the foot of the ladder. */
    void beginAt(Position position) {
        if (!position.equals(Position.START)) {
            stored.settings()
                    .change(Setting.Kind.POSITION, MIGRATION, 0, position.toString(), "schedule", "where it begins");
            allOwed();
        }
    }

    Position position() {
        return Position.parse(stored.settings()
                .find(Setting.Kind.POSITION, MIGRATION)
                .map(Setting::value)
                .orElseThrow());
    }

    /** The epochs at which the migration has left LEGACY_ONLY, the latest first. */
    private List<Long> generations() {
        return stored.settings().audit(Setting.Kind.POSITION, MIGRATION, Integer.MAX_VALUE).stream()
                .filter(entry -> stage(entry.from()) == Stage.LEGACY_ONLY && stage(entry.to()) != Stage.LEGACY_ONLY)
                .map(AuditEntry::version)
                .toList();
    }

    /** Whether the two sides have yet to be proved equal, because legacy was written alone after rows had been copied. */
    boolean needsProof() {
        List<Long> generations = generations();
        long proved = stored.settings()
                .find(Setting.Kind.COVER, MIGRATION + "/" + Records.DEFAULT_NAME)
                .map(cover -> Long.parseLong(cover.value()))
                .orElse(0L);
        return generations.size() > 1 && proved < generations.get(0);
    }

    /** Whether rows that were written before may be in legacy alone, since nobody has owed them: for sides without tables, which no backfill knows. */
    boolean needsOwing() {
        return !hasTables() && !generations().isEmpty() && !generations().get(0).equals(owedAllIn);
    }

    /** Every key is owed since the latest generation began. */
    void allOwed() {
        owedAllIn = generations().get(0);
    }

    private static Stage stage(@Nullable String position) {
        return position == null ? Stage.LEGACY_ONLY : Position.parse(position).stage();
    }

    /** A segment for which both sides take writes; null where there is none. */
    @Nullable Integer segmentOfTwoAuthorities() {
        List<SideBooks.SegmentRole> legacy = books(Side.LEGACY).roles();
        List<SideBooks.SegmentRole> target = books(Side.TARGET).roles();
        for (int segment = 0; segment < Math.min(legacy.size(), target.size()); segment++) {
            if (isAuthority(legacy.get(segment)) && isAuthority(target.get(segment))) {
                return segment;
            }
        }
        return null;
    }

    /** Whether both sides have the roles that the position asks for, so that no step is left half made. */
    boolean isInLine() {
        Position at = position();
        List<SideBooks.SegmentRole> legacy = books(Side.LEGACY).roles();
        List<SideBooks.SegmentRole> target = books(Side.TARGET).roles();
        for (int segment = 0; segment < Position.SEGMENTS; segment++) {
            boolean isLegacy = at.authoritativeFor(segment) == Side.LEGACY;
            SideBooks.SegmentRole authority = (isLegacy ? legacy : target).get(segment);
            SideBooks.SegmentRole shadow = (isLegacy ? target : legacy).get(segment);
            if (!isAuthority(authority)
                    || shadow.role() != Role.SHADOW
                    || authority.journalled() != at.stage().writesShadow()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAuthority(SideBooks.SegmentRole role) {
        return role.role() == Role.AUTHORITY;
    }
}
