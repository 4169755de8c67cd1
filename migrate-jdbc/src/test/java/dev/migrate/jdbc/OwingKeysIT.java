package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.store.InMemoryMigrationStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** The database makes the same canonical key and the same segment of a row as the library does, whatever the key. */
class OwingKeysIT {
    private static final List<SideFixture> FIXTURES = new ArrayList<>();
    private static final List<Keyed> TABLES = new ArrayList<>();
    private static final Migration MIGRATION = Migration.named("orders")
            .store(new InMemoryMigrationStore(java.time.InstantSource.system()))
            .build();

    /**
     * A table with an owing trigger, and records of its name.
     *
     * @param types the types of its key's columns, as the database calls them
     * @param bucketOf what decides the bucket
     */
    private record Keyed(SideFixture fixture, String table, List<String> types, UnaryOperator<Object> bucketOf) {}

    @BeforeContainer
    static void installTriggers() throws Exception {
        for (TestServer server : TestDatabases.servers()) {
            if (!server.product().equals("h2")) {
                boolean isPostgres = server.product().equals("postgresql");
                String text = isPostgres ? "text" : "varchar(510) character set utf8mb4 collate utf8mb4_nopad_bin";
                SideFixture fixture = new SideFixture(server);
                FIXTURES.add(fixture);
                String part = isPostgres ? "text" : "varchar(110) character set utf8mb4 collate utf8mb4_nopad_bin";
                keyed(fixture, null, new Class<?>[] {Long.class}, "bigint");
                keyed(fixture, null, new Class<?>[] {Integer.class}, "integer");
                keyed(fixture, null, new Class<?>[] {UUID.class}, "uuid");
                keyed(fixture, null, new Class<?>[] {UUID.class}, "char(36)");
                keyed(fixture, null, new Class<?>[] {String.class}, text);
                keyed(fixture, null, new Class<?>[] {Long.class, String.class}, "bigint", part);
                keyed(fixture, "k1", new Class<?>[] {Long.class, String.class}, "bigint", part);
                keyed(fixture, "k2", new Class<?>[] {Long.class, String.class}, "bigint", part);
                keyed(fixture, "k2", new Class<?>[] {UUID.class, Integer.class, String.class}, "uuid", "integer", part);
                keyed(fixture, null, new Class<?>[] {UUID.class, Integer.class, String.class}, "uuid", "integer", part);
            }
        }
        assertThat(TABLES).hasSizeGreaterThanOrEqualTo(10);
    }

    private static void keyed(SideFixture fixture, String partition, Class<?>[] types, String... columns)
            throws Exception {
        String name = "keyed_" + TABLES.size();
        String[] names = IntStream.rangeClosed(1, columns.length)
                .mapToObj(at -> "k" + at)
                .toArray(String[]::new);
        StringBuilder ddl = new StringBuilder("create table " + name + " (");
        for (int at = 0; at < columns.length; at++) {
            ddl.append(names[at]).append(' ').append(columns[at]).append(" not null, ");
        }
        fixture.database.execute(ddl + "content integer, primary key (" + String.join(", ", names) + "))");
        JdbcTable table =
                JdbcTable.of(fixture.dataSource, name).records(name).key(names).keyAs(types);
        UnaryOperator<Object> bucketOf = UnaryOperator.identity();
        if (partition != null) {
            table = table.partitionBy(partition);
            int place = List.of(names).indexOf(partition);
            bucketOf = key -> ((List<?>) key).get(place);
        }
        OwingTrigger trigger = OwingTrigger.of(MIGRATION).legacy(table);
        table.books("orders", Side.LEGACY).assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        trigger.install();
        assertThat(trigger.isInstalled()).isTrue();
        TABLES.add(new Keyed(fixture, name, List.of(columns), bucketOf));
    }

    @AfterContainer
    static void close() throws SQLException {
        for (SideFixture fixture : FIXTURES) {
            fixture.close();
        }
        MIGRATION.close();
    }

    @Property(tries = 30)
    void keyAndSegment_areThoseOfTheLibrary(
            @ForAll("longs") List<Long> longs,
            @ForAll("ints") List<Integer> ints,
            @ForAll("uuids") List<UUID> uuids,
            @ForAll("texts") List<String> texts,
            @ForAll("shortTexts") List<String> shortTexts)
            throws SQLException {
        for (Keyed keyed : TABLES) {
            List<Object> keys = new ArrayList<>();
            for (int at = 0; at < longs.size(); at++) {
                keys.add(
                        switch (keyed.types().size()) {
                            case 3 -> List.of(uuids.get(at), ints.get(at), shortTexts.get(at));
                            case 2 -> List.of(longs.get(at), shortTexts.get(at));
                            default ->
                                switch (keyed.types().get(0)) {
                                    case "bigint" -> longs.get(at);
                                    case "integer" -> ints.get(at);
                                    case "uuid", "char(36)" -> uuids.get(at);
                                    default -> texts.get(at);
                                };
                        });
            }
            Map<String, Integer> expected = new TreeMap<>();
            for (Object key : keys) {
                expected.put(
                        CanonicalKeys.encode(key),
                        Position.segmentOf(MIGRATION.bucketOf(keyed.bucketOf().apply(key))));
            }
            assertThat(owedByInserting(keyed, keys))
                    .as(keyed.types() + " in " + keyed.fixture().database)
                    .isEqualTo(expected);
        }
    }

    /** What the journal holds after rows were written past everything, and then rolled back. */
    private static Map<String, Integer> owedByInserting(Keyed keyed, List<Object> keys) throws SQLException {
        try (Connection connection = keyed.fixture().pool.getConnection()) {
            connection.setAutoCommit(false);
            String marks = String.join(", ", Collections.nCopies(keyed.types().size(), "?"));
            try (PreparedStatement insert =
                    connection.prepareStatement("insert into " + keyed.table() + " values (" + marks + ", 1)")) {
                for (Object key : new LinkedHashSet<>(keys)) {
                    List<?> parts = key instanceof List<?> list ? list : List.of(key);
                    for (int at = 0; at < parts.size(); at++) {
                        boolean isText = keyed.types().get(at).equals("char(36)");
                        insert.setObject(
                                at + 1, isText ? parts.get(at).toString().toUpperCase(Locale.ROOT) : parts.get(at));
                    }
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            Map<String, Integer> owed = new TreeMap<>();
            try (Statement select = connection.createStatement();
                    ResultSet rows =
                            select.executeQuery("select record_key, segment from migrate_journal where records = '"
                                    + keyed.table() + "'")) {
                while (rows.next()) {
                    owed.put(rows.getString(1), rows.getInt(2));
                }
            } finally {
                connection.rollback();
            }
            return owed;
        }
    }

    private static final int KEYS = 12;

    @Provide
    Arbitrary<List<Long>> longs() {
        return Arbitraries.longs().list().ofSize(KEYS);
    }

    @Provide
    Arbitrary<List<Integer>> ints() {
        return Arbitraries.integers().list().ofSize(KEYS);
    }

    /** Random ones, as applications make them: MariaDB refuses many a value that no generator makes. */
    @Provide
    Arbitrary<List<UUID>> uuids() {
        Arbitrary<Long> any = Arbitraries.longs();
        return Combinators.combine(any, any)
                .as((most, least) ->
                        new UUID((most & ~0xF000L) | 0x4000L, (least & 0x3FFFFFFFFFFFFFFFL) | Long.MIN_VALUE))
                .list()
                .ofSize(KEYS);
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return textsUpTo(510);
    }

    @Provide
    Arbitrary<List<String>> shortTexts() {
        return textsUpTo(110);
    }

    /** Empty ones, ASCII, the plane of most letters, and pairs of surrogates; up to the longest key in UTF-16. */
    private static Arbitrary<List<String>> textsUpTo(int units) {
        Arbitrary<Integer> points = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.integers().between(0x20, 0x7e)),
                Tuple.of(3, Arbitraries.integers().between(1, 0xD7FF)),
                Tuple.of(1, Arbitraries.integers().between(0xE000, 0xFFFD)),
                Tuple.of(2, Arbitraries.integers().between(0x10000, 0x10FFFF)));
        Arbitrary<Integer> lengths = Arbitraries.oneOf(
                Arbitraries.of(0, 1, 3, 4, 15, 16, 31, 32, 33, units),
                Arbitraries.integers().between(0, units));
        return lengths.flatMap(length -> points.list().ofSize(length).map(all -> cut(all, length)))
                .list()
                .ofSize(KEYS);
    }

    private static String cut(List<Integer> points, int units) {
        StringBuilder text = new StringBuilder();
        for (int point : points) {
            if (text.length() + Character.charCount(point) <= units) {
                text.appendCodePoint(point);
            }
        }
        return text.toString();
    }
}
