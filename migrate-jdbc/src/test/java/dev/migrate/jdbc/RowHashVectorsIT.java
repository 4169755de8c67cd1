package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.jdbc.PostgresRowHash.Cell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The hash of a row, and the signature of a range, as the servers compute them under two fixed seeds: {@code row-hash-vectors.txt}.
 *
 * <p>A line is a {@link SignedType}, the type of a column, a value, and the two hashes of a row with that column alone, which servers that have
 * no function for bytes compute as well.
 */
class RowHashVectorsIT {
    private static final long[] SEEDS = {0x0123_4567_89ab_cdefL, 0xfedc_ba98_7654_3210L};

    private record Vector(SignedType type, String sqlType, String value, List<String> hashes) {
        static Vector parse(String line) {
            List<String> parts = Arrays.asList(line.split("\t", -1));
            return new Vector(
                    SignedType.valueOf(parts.get(0)), parts.get(1), parts.get(2), parts.subList(3, parts.size()));
        }

        Cell cell(int place) {
            return new Cell("v" + place, type, true);
        }

        String expression() {
            return value.equals("NULL")
                    ? "CAST(NULL AS " + sqlType + ")"
                    : "CAST('" + value.replace("'", "''") + "' AS " + sqlType + ")";
        }

        String with(List<String> computed) {
            return type + "\t" + sqlType + "\t" + value + "\t" + String.join("\t", computed);
        }
    }

    private static List<String> lines() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(RowHashVectorsIT.class.getResourceAsStream("/row-hash-vectors.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void hashes_areWhatTheyWere_andDifferForEachValue() throws Exception {
        List<String> lines = lines();
        List<Vector> vectors = lines.stream().map(Vector::parse).toList();
        assertThat(vectors).extracting(Vector::type).contains(SignedType.values());
        List<String> found = new ArrayList<>();
        Set<String> different = new HashSet<>();
        try (TestDatabase database = TestDatabases.postgres();
                Connection connection = database.dataSource().getConnection()) {
            for (Vector vector : vectors) {
                List<String> hashes = hashes(connection, List.of(vector));
                found.add(vector.with(hashes));
                different.add(vector.sqlType() + " first " + hashes.get(0));
                different.add(vector.sqlType() + " second " + hashes.get(1));
            }
        }
        assertThat(found).isEqualTo(lines);
        assertThat(different).hasSize(2 * lines.size());
    }

    /** All columns beside each other: each hash is the seed of the next. */
    @Test
    void hashOfARowOfAllTypes_isWhatItWas() throws Exception {
        List<Vector> first = lines().stream()
                .map(Vector::parse)
                .collect(Collectors.groupingBy(Vector::type, java.util.TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .map(all -> all.get(all.size() - 1))
                .toList();
        try (TestDatabase database = TestDatabases.postgres();
                Connection connection = database.dataSource().getConnection()) {
            assertThat(hashes(connection, first)).containsExactly("-958158030850438639", "-1879185326883133119");
        }
    }

    private static List<String> hashes(Connection connection, List<Vector> row) throws SQLException {
        List<Cell> cells = new ArrayList<>();
        row.forEach(vector -> cells.add(vector.cell(cells.size())));
        String names = cells.stream().map(Cell::name).collect(Collectors.joining(", "));
        String values = row.stream().map(Vector::expression).collect(Collectors.joining(", "));
        List<String> both = List.of();
        for (boolean hashesBytes : new boolean[] {false, true}) {
            String sums = new PostgresRowHash(cells, hashesBytes).sums("(VALUES (" + values + ")) t(" + names + ")");
            try (PreparedStatement select = connection.prepareStatement(sums)) {
                select.setLong(1, SEEDS[0]);
                select.setLong(2, SEEDS[1]);
                try (ResultSet found = select.executeQuery()) {
                    found.next();
                    List<String> hashes = List.of(found.getString(2), found.getString(3));
                    assertThat(hashes).as("by either function").isEqualTo(both.isEmpty() ? hashes : both);
                    both = hashes;
                }
            }
        }
        return both;
    }
}
