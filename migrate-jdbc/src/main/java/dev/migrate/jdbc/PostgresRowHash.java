package dev.migrate.jdbc;

import dev.migrate.jdbc.SignedType.Form;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The SQL of a hash of 64 bits over a row of PostgreSQL, under a seed.
 *
 * <p>A hash of each column is the seed of the next one's, so that the result depends on all of them together: columns that are hashed
 * alone and added up, as {@code hash_record_extended} does, give the same sum over a range when two rows have exchanged a value.
 * A number goes into the seed of the hash of a text or of bytes, where none of its bits is lost and which costs next to nothing; one that finds
 * no such hash is followed by one of its own. Flags are the bits of numbers that go in first, and so are NULLs, unless an empty form tells
 * them. The last step is a hash. Columns stand in one order on both sides; their names do not matter.
 */
final class PostgresRowHash {
    private static final int BITS = 31;

    /**
     * A column on one side.
     *
     * @param name quoted
     * @param mayBeNull whether it may be on either side
     */
    record Cell(String name, SignedType type, boolean mayBeNull) {}

    private final List<Cell> cells;
    private final String bytesHash;

    /** Of some columns; {@code hashesBytes} says whether the server has a function that hashes bytes, as from version 18 on. */
    PostgresRowHash(List<Cell> cells, boolean hashesBytes) {
        this.cells = List.copyOf(cells);
        this.bytesHash =
                hashesBytes ? "pg_catalog.hashbyteaextended(%s, %s)" : "pg_catalog.hash_record_extended(ROW(%s), %s)";
    }

    /**
     * Count and sums over some rows, with two parameters before those of the rows: the two seeds.
     *
     * @param rows a table and a condition
     */
    String sums(String rows) {
        return "SELECT count(*), coalesce(sum(" + hash() + "), 0), coalesce(sum(" + hash() + "), 0) FROM (SELECT "
                + String.join(", ", forms()) + " FROM " + rows + " OFFSET 0) r";
    }

    /**
     * Count and sums over the first of some rows, and the greatest of their keys; with the two seeds before the parameters of the rows, and their number
     * after them.
     *
     * @param rows a table and a condition
     * @param key the name of its one column
     */
    String sumsOfFirst(String rows, String key) {
        return "SELECT count(*), coalesce(sum(" + hash() + "), 0), coalesce(sum(" + hash()
                + "), 0), max(k) FROM (SELECT " + String.join(", ", forms()) + ", " + key + " AS k FROM " + rows
                + " ORDER BY " + key + " LIMIT ?) r";
    }

    /** Two hashes of each of some rows that are the same everywhere, in any order, with two parameters: the two seeds. */
    String probes() {
        int rows = cells.stream().mapToInt(PostgresRowHash::probes).max().orElse(0);
        String values = IntStream.range(0, rows)
                .mapToObj(row -> cells.stream()
                        .map(cell -> probe(cell, row % probes(cell)))
                        .collect(Collectors.joining(", ", "(", ")")))
                .collect(Collectors.joining(", "));
        String names = cells.stream().map(Cell::name).collect(Collectors.joining(", "));
        return "SELECT " + hash() + ", " + hash() + " FROM (SELECT " + String.join(", ", forms()) + " FROM (VALUES "
                + values + ") p(" + names + ") OFFSET 0) r";
    }

    private static int probes(Cell cell) {
        return cell.type().probes() + (cell.mayBeNull() ? 1 : 0);
    }

    private static String probe(Cell cell, int nth) {
        return nth < cell.type().probes() ? cell.type().probe(nth) : "NULL";
    }

    /** What of a row is hashed; computed once for both seeds. */
    private List<String> forms() {
        List<String> forms = new ArrayList<>(masks());
        for (int mask = 0; mask < forms.size(); mask++) {
            forms.set(mask, forms.get(mask) + "::int8 AS m" + mask);
        }
        for (int at = 0; at < cells.size(); at++) {
            Cell cell = cells.get(at);
            Form form = cell.type().form();
            if (form != Form.FLAG) {
                String value = cell.type().expression(cell.name());
                forms.add(
                        (cell.mayBeNull() ? "coalesce(" + value + ", " + form.forNull() + ")" : value) + " AS c" + at);
            }
        }
        return forms;
    }

    private List<String> masks() {
        List<String> conditions = new ArrayList<>();
        for (Cell cell : cells) {
            if (cell.type().form() == Form.FLAG) {
                conditions.add(cell.name());
            }
            if (cell.mayBeNull() && !cell.type().isNeverEmpty()) {
                conditions.add(cell.name() + " IS NULL");
            }
        }
        List<String> masks = new ArrayList<>();
        for (int from = 0; from < conditions.size(); from += BITS) {
            List<String> bits = new ArrayList<>();
            for (int at = from; at < Math.min(conditions.size(), from + BITS); at++) {
                bits.add("CASE WHEN " + conditions.get(at) + " THEN " + (1 << (at - from)) + " ELSE 0 END");
            }
            masks.add("(" + String.join(" | ", bits) + ")");
        }
        return masks;
    }

    private String hash() {
        String state = "CAST(? AS bigint)";
        Deque<String> words = words();
        for (int at = 0; at < cells.size(); at++) {
            Form form = cells.get(at).type().form();
            if (form == Form.TEXT || form == Form.BYTES) {
                state = hashed(form, "c" + at, words.isEmpty() ? state : with(words.remove(), state));
            }
        }
        while (!words.isEmpty()) {
            state = "pg_catalog.hashint4extended(0, " + with(words.remove(), state) + ")";
        }
        return state;
    }

    private Deque<String> words() {
        Deque<String> words = new ArrayDeque<>();
        for (int mask = 0; mask < masks().size(); mask++) {
            words.add("m" + mask);
        }
        for (int at = 0; at < cells.size(); at++) {
            if (cells.get(at).type().form() == Form.WORD) {
                words.add("c" + at);
            }
        }
        return words;
    }

    private static String with(String word, String state) {
        return "(" + state + " # " + word + ")";
    }

    private String hashed(Form form, String value, String state) {
        return form == Form.TEXT
                ? "pg_catalog.hashtextextended(" + value + " COLLATE \"C\", " + state + ")"
                : bytesHash.formatted(value, state);
    }
}
