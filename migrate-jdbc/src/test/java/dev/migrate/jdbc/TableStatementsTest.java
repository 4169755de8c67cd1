package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.KeyRange;
import dev.migrate.table.Shape;
import dev.migrate.table.TableKey;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The statements for a table in each product's words, to the letter: a change of one is meant. */
class TableStatementsTest {
    private static final Column A = new Column("a", Kind.INTEGER, "bigint", 0, true, false);
    private static final Column B = new Column("b", Kind.TEXT, "varchar(10)", -1, true, false);
    private static final Column C = new Column("c", Kind.FLOAT, "real", -1, false, false);
    private static final KeyRange RANGE = new KeyRange(key(1L, "x"), key(2L, "y"));

    private static TableKey key(Object... values) {
        return new TableKey(List.of(values), String.valueOf(List.of(values)));
    }

    private static KeysetSql of(TableDialect dialect, String quote) {
        return new KeysetSql(new TableReading.Found(
                dialect, "1", quote, quote + "t" + quote, null, new Shape("t", List.of(A, B, C), List.of("a", "b"))));
    }

    private static final String BEYOND = "(\"a\" > ? OR \"a\" = ? AND \"b\" > ?)";
    private static final String UP_TO = "(\"a\" < ? OR \"a\" = ? AND \"b\" <= ?)";
    private static final String KEYS =
            "SELECT \"a\", \"b\" FROM \"t\" WHERE " + BEYOND + " AND " + UP_TO + " ORDER BY \"a\", \"b\"";
    private static final String NUMBERED =
            "SELECT \"a\", \"b\" FROM (SELECT \"a\", \"b\", row_number() OVER (ORDER BY \"a\", \"b\")"
                    + " AS \"migrate place\" FROM \"t\" WHERE " + BEYOND + " AND " + UP_TO + ") k WHERE ";

    @Test
    void ofMySql() {
        KeysetSql sql = of(new MySqlTableDialect(true), "`");
        assertThat(sql.last()).isEqualTo("SELECT `a`, `b` FROM `t` ORDER BY `a` DESC, `b` DESC LIMIT 1");
        assertThat(sql.boundary(RANGE))
                .isEqualTo("SELECT `a`, `b` FROM `t` WHERE (`a` > ? OR `a` = ? AND `b` > ?)"
                        + " AND (`a` < ? OR `a` = ? AND `b` <= ?) ORDER BY `a`, `b` LIMIT 1 OFFSET ?");
        assertThat(sql.everyNth(KeyRange.ALL))
                .isEqualTo("SELECT `a`, `b` FROM (SELECT `a`, `b`, row_number() OVER (ORDER BY `a`, `b`)"
                        + " AS `migrate place` FROM `t`) k WHERE `migrate place` % ? = 0 ORDER BY `a`, `b`");
        assertThat(sql.select(List.of(A, B, C), 2))
                .isEqualTo("SELECT `a`, `b`, `c` + 0E0 FROM `t` WHERE (`a` = ? AND `b` = ?) OR (`a` = ? AND `b` = ?)");
        assertThat(sql.count(KeyRange.ALL)).isEqualTo("SELECT COUNT(*) FROM `t`");
        assertThat(sql.insert(List.of(A, B, C))).isEqualTo("INSERT INTO `t` (`a`, `b`, `c`) VALUES (?, ?, ?)");
        assertThat(sql.update(List.of(C))).isEqualTo("UPDATE `t` SET `c` = ? WHERE `a` = ? AND `b` = ?");
        assertThat(sql.delete()).isEqualTo("DELETE FROM `t` WHERE `a` = ? AND `b` = ?");
    }

    @Test
    void ofSqlServer() {
        KeysetSql sql = of(new SqlServerTableDialect(), "\"");
        assertThat(sql.last())
                .isEqualTo(
                        "SELECT \"a\", \"b\" FROM \"t\" ORDER BY \"a\" DESC, \"b\" DESC OFFSET 0 ROWS FETCH NEXT 1 ROWS ONLY");
        assertThat(sql.boundary(RANGE)).isEqualTo(KEYS + " OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY");
        assertThat(sql.everyNth(RANGE)).isEqualTo(NUMBERED + "\"migrate place\" % ? = 0 ORDER BY \"a\", \"b\"");
        assertThat(sql.count(KeyRange.ALL)).isEqualTo("SELECT COUNT_BIG(*) FROM \"t\"");
        assertThat(sql.foldedCase(B))
                .isEqualTo(
                        "SELECT \"b\" FROM (SELECT \"b\" FROM \"t\" WHERE 1 = 0 UNION ALL SELECT 'A') k WHERE \"b\" = 'a'");
    }

    @Test
    void ofOracle() {
        KeysetSql sql = of(new OracleTableDialect(), "\"");
        assertThat(sql.last())
                .isEqualTo("SELECT \"a\", \"b\" FROM \"t\" ORDER BY \"a\" DESC, \"b\" DESC FETCH FIRST 1 ROWS ONLY");
        assertThat(sql.boundary(RANGE)).isEqualTo(KEYS + " OFFSET ? ROWS FETCH NEXT 1 ROWS ONLY");
        assertThat(sql.everyNth(RANGE)).isEqualTo(NUMBERED + "MOD(\"migrate place\", ?) = 0 ORDER BY \"a\", \"b\"");
        assertThat(sql.count(KeyRange.ALL)).isEqualTo("SELECT COUNT(*) FROM \"t\"");
        assertThat(sql.foldedCase(B))
                .isEqualTo("SELECT \"b\" FROM (SELECT \"b\" FROM \"t\" WHERE 1 = 0 UNION ALL SELECT 'A' FROM DUAL) k"
                        + " WHERE \"b\" = 'a'");
        assertThat(sql.foldedCase(new Column("b", Kind.TEXT, "NVARCHAR2(10)", -1, true, false)))
                .contains("UNION ALL SELECT N'A' FROM DUAL");
    }

    @Test
    void ofThoseThatTestsRunOn() {
        assertThat(of(new PostgresTableDialect(), "\"").boundary(RANGE))
                .isEqualTo("SELECT \"a\", \"b\" FROM \"t\" WHERE (\"a\", \"b\") > (?, ?) AND (\"a\", \"b\") <= (?, ?)"
                        + " ORDER BY \"a\", \"b\" LIMIT 1 OFFSET ?");
        assertThat(of(new H2TableDialect(), "\"").boundary(RANGE)).isEqualTo(KEYS + " LIMIT 1 OFFSET ?");
        assertThat(of(new PlainTableDialect(), "\"").everyNth(RANGE))
                .isEqualTo(NUMBERED + "\"migrate place\" % ? = 0 ORDER BY \"a\", \"b\"");
    }
}
