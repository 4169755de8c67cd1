package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.KeyRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** About how many rows a table has: the server's own number where it has one, which may be old, and otherwise all rows are counted. */
class RowsReckonedIT {
    @ParameterizedTest
    @MethodSource("dev.migrate.jdbc.TestDatabases#each")
    void rows_areCountedWhereTheServerHasNoNumber_andNotAgainWhereItHas(TestDatabase database) throws Exception {
        database.execute("CREATE TABLE notes (id int PRIMARY KEY)", "INSERT INTO notes VALUES (1), (2), (3)");
        JdbcTable table = JdbcTable.of(database.dataSource(), "notes");
        assertThat(table.about()).isEqualTo(3);
        boolean hasNumber = database.product().equals("postgresql");
        if (hasNumber) {
            database.execute("ANALYZE notes");
        }
        database.execute("INSERT INTO notes VALUES (4), (5)");
        assertThat(table.about()).isEqualTo(hasNumber ? 3 : 5);
        assertThat(table.count(KeyRange.ALL)).isEqualTo(5);
    }

    /** That of the whole is as old as the last time that somebody asked for it. */
    @Test
    void rowsOfAPartitionedTable_areCounted() throws Exception {
        try (TestDatabase database = TestDatabases.postgres()) {
            database.execute(
                    "CREATE TABLE notes (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE few PARTITION OF notes FOR VALUES FROM (0) TO (10)",
                    "INSERT INTO notes VALUES (1), (2)",
                    "ANALYZE notes",
                    "INSERT INTO notes VALUES (3)");
            assertThat(JdbcTable.of(database.dataSource(), "notes").about()).isEqualTo(3);
        }
    }
}
