package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.backfill.PlantedRow.Fate;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.test.MigrationArbitraries;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Keys of every kind, between each two databases: the backfill copies each row once, although it is cut off in the middle; the reconciliation
 * finds what was planted and nothing else; and a repair mends that. What the tables hold is read by the drivers. Not shrunk: a try that is
 * given up would go on beside the next.
 */
class KeysIT {
    private static final int MOST_ROWS = 60;
    private static final int TEXT_LENGTH = 40;
    private static final String FOLDING =
            "CREATE COLLATION folded" + " (provider = icu, locale = 'und-u-ks-level1', deterministic = false)";
    private static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Map<List<TestServer>, TablePair> PAIRS = new HashMap<>();
    private static final Map<Kind, Map<Integer, KeyedTables>> TABLES = new EnumMap<>(Kind.class);

    /** What a key is made of in a legacy and in a target of some product; text columns come in several sorts. */
    private enum Kind {
        BIGINT(product -> List.of(List.of(KeyPart.bigint()))),
        UUID(product -> List.of(List.of(KeyPart.uuid()))),
        BYTES(product -> List.of(List.of(KeyPart.bytes(product)))),
        NUMBERS(product -> List.of(List.of(KeyPart.bigint(), KeyPart.bigint(), KeyPart.bigint()))),
        MIXED(product -> List.of(List.of(KeyPart.text(exact(product).get(0)), KeyPart.bigint(), KeyPart.uuid()))),
        TEXT(product -> texts(exact(product))),
        PADDED(product -> List.of(List.of(KeyPart.padded(padded(product))))),
        TO_FOLDED(product -> texts(exact(product)), product -> texts(folding(product))),
        FROM_FOLDED(product -> texts(folding(product)), product -> texts(exact(product)));

        private final Function<String, List<List<KeyPart>>> inLegacy;
        private final Function<String, List<List<KeyPart>>> inTarget;

        Kind(Function<String, List<List<KeyPart>>> everywhere) {
            this(everywhere, everywhere);
        }

        Kind(Function<String, List<List<KeyPart>>> inLegacy, Function<String, List<List<KeyPart>>> inTarget) {
            this.inLegacy = inLegacy;
            this.inTarget = inTarget;
        }

        /** One of all tables of this kind in all pairs of databases, made when first needed. */
        KeyedTables tables(int any) throws SQLException {
            record Choice(TestServer from, TestServer to, List<KeyPart> legacy, List<KeyPart> target) {}
            List<Choice> choices = new ArrayList<>();
            for (TestServer from : SERVERS) {
                for (TestServer to : SERVERS) {
                    for (List<KeyPart> legacy : inLegacy.apply(from.product())) {
                        inTarget.apply(to.product())
                                .forEach(target -> choices.add(new Choice(from, to, legacy, target)));
                    }
                }
            }
            int number = any % choices.size();
            Map<Integer, KeyedTables> made = TABLES.computeIfAbsent(this, none -> new HashMap<>());
            if (!made.containsKey(number)) {
                Choice choice = choices.get(number);
                made.put(
                        number,
                        new KeyedTables(
                                pair(choice.from(), choice.to()),
                                "keyed_" + name().toLowerCase(Locale.ROOT) + number,
                                choice.legacy(),
                                choice.target()));
            }
            return made.get(number);
        }
    }

    private static TablePair pair(TestServer from, TestServer to) throws SQLException {
        TablePair known = PAIRS.get(List.of(from, to));
        if (known != null) {
            return known;
        }
        TablePair pair = new TablePair(from, to);
        PAIRS.put(List.of(from, to), pair);
        pair.dualWrite();
        for (Side side : Side.values()) {
            if ((side == Side.LEGACY ? from : to).product().equals("postgresql")) {
                pair.execute(side, FOLDING);
            }
        }
        return pair;
    }

    private static List<List<KeyPart>> texts(List<String> types) {
        return types.stream().map(type -> List.of(KeyPart.text(type))).toList();
    }

    /** Types that tell every two texts apart, in orders of their own. */
    private static List<String> exact(String product) {
        return switch (product) {
            case "postgresql" -> List.of("VARCHAR(60) COLLATE \"C\"", "VARCHAR(60) COLLATE \"und-x-icu\"");
            case "mariadb" -> List.of("VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin");
            default -> List.of("VARCHAR(60)");
        };
    }

    /** Types that take some texts for one. */
    private static List<String> folding(String product) {
        return switch (product) {
            case "postgresql" -> List.of("VARCHAR(60) COLLATE folded");
            case "mariadb" ->
                List.of(
                        "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci",
                        "VARCHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
            default -> List.of("VARCHAR_IGNORECASE(60)");
        };
    }

    private static String padded(String product) {
        return product.equals("mariadb") ? "CHAR(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" : "CHAR(60)";
    }

    @AfterContainer
    static void close() throws SQLException {
        for (TablePair pair : PAIRS.values()) {
            assertThat(pair.openConnections(Side.LEGACY) + pair.openConnections(Side.TARGET))
                    .as("connections not given back")
                    .isZero();
            pair.close();
        }
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void bigints(@ForAll("bigintRows") List<PlantedRow> rows, @ForAll("runs") Run run) throws Exception {
        run.check(Kind.BIGINT, rows);
    }

    /** R9: compared as signed numbers, UUIDs come in another order than any database's; and MariaDB has one of its own. */
    @Property(shrinking = ShrinkingMode.OFF)
    void r9_uuids(@ForAll("uuidRows") List<PlantedRow> rows, @ForAll("runs") Run run) throws Exception {
        run.check(Kind.UUID, rows);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void bytes(@ForAll("bytesRows") List<PlantedRow> rows, @ForAll("runs") Run run) throws Exception {
        run.check(Kind.BYTES, rows);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void threeNumbers(@ForAll("numbersRows") List<PlantedRow> rows, @ForAll("runs") Run run) throws Exception {
        run.check(Kind.NUMBERS, rows);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void textNumberAndUuid(@ForAll("mixedRows") List<PlantedRow> rows, @ForAll("runs") Run run) throws Exception {
        run.check(Kind.MIXED, rows);
    }

    /** R2: each database compares keys by its own collation, and no two of them put texts into the same order. */
    @Property(shrinking = ShrinkingMode.OFF)
    void r2_texts_underCollationsThatTellAllApart(@ForAll("textRows") List<PlantedRow> rows, @ForAll("runs") Run run)
            throws Exception {
        run.check(Kind.TEXT, rows);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void paddedTexts(@ForAll("paddedRows") List<PlantedRow> rows, @ForAll("runs") Run run) throws Exception {
        run.check(Kind.PADDED, rows);
    }

    /** R3: keys that the target takes for one are refused, and none of them is written over another. */
    @Property(shrinking = ShrinkingMode.OFF)
    void r3_texts_toACollationThatFoldsThem(@ForAll("textRows") List<PlantedRow> rows, @ForAll("runs") Run run)
            throws Exception {
        run.checkFolded(Kind.TO_FOLDED, rows);
    }

    @Property(shrinking = ShrinkingMode.OFF)
    void texts_fromACollationThatFoldsThem(@ForAll("textRows") List<PlantedRow> rows, @ForAll("runs") Run run)
            throws Exception {
        run.checkKeptApart(Kind.FROM_FOLDED, rows);
    }

    /**
     * How a try is run.
     *
     * @param place chooses the databases and types
     * @param chunkRows rows of a chunk
     * @param pageRows rows of a page
     * @param killedAt the chunk at which the backfill is cut off; -1 for none
     */
    record Run(int place, int chunkRows, int pageRows, int killedAt) {
        void check(Kind kind, List<PlantedRow> rows) throws Exception {
            kind.tables(place).check(rows, chunkRows, pageRows, killedAt);
        }

        void checkKeptApart(Kind kind, List<PlantedRow> rows) throws Exception {
            KeyedTables tables = kind.tables(place);
            tables.check(tables.keptApart(rows), chunkRows, pageRows, killedAt);
        }

        void checkFolded(Kind kind, List<PlantedRow> rows) throws Exception {
            kind.tables(place).checkFolded(rows, chunkRows, pageRows);
        }
    }

    @Provide
    Arbitrary<Run> runs() {
        Arbitrary<Integer> few = Arbitraries.integers().between(1, 7);
        Arbitrary<Integer> place = Arbitraries.integers()
                .between(0, 719)
                .withDistribution(RandomDistribution.uniform())
                .edgeCases(EdgeCases.Config::none);
        return Combinators.combine(place, few, few, Arbitraries.integers().between(-1, 5))
                .as(Run::new);
    }

    @Provide
    Arbitrary<List<PlantedRow>> bigintRows() {
        return rows(bigintKeys().map(List::of));
    }

    @Provide
    Arbitrary<List<PlantedRow>> uuidRows() {
        return rows(uuidKeys().map(List::of));
    }

    @Provide
    Arbitrary<List<PlantedRow>> bytesRows() {
        return rows(byteKeys().map(List::of));
    }

    @Provide
    Arbitrary<List<PlantedRow>> numbersRows() {
        Arbitrary<Object> few = Arbitraries.longs().between(-2, 2).map(Object.class::cast);
        return rows(Combinators.combine(few, few, bigintKeys()).as(List::of));
    }

    @Provide
    Arbitrary<List<PlantedRow>> mixedRows() {
        Arbitrary<Object> few = Arbitraries.longs().between(-1, 1).map(Object.class::cast);
        return rows(Combinators.combine(textKeys(), few, uuidKeys()).as(List::of));
    }

    /** Without spaces at their end, which a CHAR does not keep. */
    @Provide
    Arbitrary<List<PlantedRow>> paddedRows() {
        return rows(
                textKeys().map(text -> ((String) text).replaceFirst(" +$", "")).map(List::of));
    }

    @Provide
    Arbitrary<List<PlantedRow>> textRows() {
        return rows(textKeys().map(List::of));
    }

    private static Arbitrary<List<PlantedRow>> rows(Arbitrary<List<Object>> keys) {
        Arbitrary<Fate> fates = Arbitraries.frequency(
                Tuple.of(7, Fate.STAYS),
                Tuple.of(1, Fate.MISSING),
                Tuple.of(1, Fate.DIFFERENT),
                Tuple.of(1, Fate.EXTRA));
        return Combinators.combine(keys, fates)
                .as(PlantedRow::new)
                .list()
                .uniqueElements(PlantedRow::canonical)
                .ofMaxSize(MOST_ROWS);
    }

    /** Sparse, dense, negative, and the extremes. */
    private static Arbitrary<Object> bigintKeys() {
        return Arbitraries.oneOf(
                        Arbitraries.longs(),
                        Arbitraries.longs().between(-20, 20),
                        Arbitraries.longs().between(-20, 20).map(n -> n * 1_000_000_007L),
                        Arbitraries.of(Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, Long.MAX_VALUE - 1, 0L, -1L))
                .map(Object.class::cast);
    }

    /**
     * Of the versions to 7, since MariaDB sorts by that; neighbours; and both signs of either half. MariaDB takes none of version 8 and
     * above, and of version 6 and 7 none that lacks the first bit of the variant.
     */
    private static Arbitrary<Object> uuidKeys() {
        Arbitrary<Long> halves = Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(-3, 3),
                Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE));
        Arbitrary<UUID> any = Combinators.combine(halves, halves).as(UUID::new);
        Arbitrary<UUID> versioned = Combinators.combine(any, Arbitraries.longs().between(1, 7))
                .as((uuid, version) -> new UUID(
                        (uuid.getMostSignificantBits() & ~0xf000L) | (version << 12),
                        (uuid.getLeastSignificantBits() & 0x3fffffffffffffffL) | 0x8000000000000000L));
        return Arbitraries.oneOf(any, versioned)
                .filter(uuid -> uuid.version() < 6 || (uuid.version() < 8 && uuid.getLeastSignificantBits() < 0))
                .map(Object.class::cast);
    }

    /** Empty, with zeroes and high bytes, and one the beginning of another. */
    private static Arbitrary<Object> byteKeys() {
        Arbitrary<Byte> hard =
                Arbitraries.of((byte) 0, (byte) 1, (byte) ' ', (byte) '\\', (byte) 127, (byte) -128, (byte) -1);
        return Arbitraries.oneOf(hard, Arbitraries.bytes())
                .array(byte[].class)
                .ofMaxSize(16)
                .map(Object.class::cast);
    }

    /** Empty, beyond the basic plane, combining, alike under some collation, and with a common beginning. */
    private static Arbitrary<Object> textKeys() {
        Arbitrary<String> alike = Arbitraries.of(
                "",
                "a",
                "A",
                "a ",
                "a  ",
                " a",
                "a\t",
                "a\n",
                "á",
                "a\u0301",
                "ä",
                "ae",
                "æ",
                "ß",
                "ss",
                "SS",
                "ﬀ",
                "ff",
                "i",
                "I",
                "ı",
                "İ",
                "\u00ad",
                "a\u00ad",
                "\u200b",
                "co-op",
                "coop",
                "co op",
                "9",
                "10",
                "１０",
                "~",
                "\uE000",
                "\uFFFD",
                "😀",
                "😁",
                "\uD835\uDC9C",
                "～",
                "_",
                "%",
                "'",
                "\\",
                "null");
        return Arbitraries.oneOf(
                        alike,
                        alike.map(text -> "common beginning " + text),
                        MigrationArbitraries.texts().filter(text -> text.length() <= TEXT_LENGTH))
                .map(Object.class::cast);
    }
}
