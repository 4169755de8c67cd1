package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.sql.SQLException;
import java.sql.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How values are carried of products that no test runs on, by what their drivers call the types (getColumns: TYPE_NAME and DATA_TYPE). */
class ProductKindsTest {
    @ParameterizedTest
    @CsvSource({
        "TINYINT, -6, INTEGER",
        "BIT, -7, INTEGER",
        "TINYINT UNSIGNED, -6, INTEGER",
        "INT UNSIGNED, 4, INTEGER",
        "BIGINT, -5, INTEGER",
        "BIGINT UNSIGNED, -5, DECIMAL",
        "YEAR, 91, INTEGER",
        "DECIMAL, 3, DECIMAL",
        "FLOAT, 7, FLOAT",
        "DOUBLE, 8, DOUBLE",
        "VARCHAR, 12, TEXT",
        "TINYTEXT, 12, TEXT",
        "LONGTEXT, -1, TEXT",
        "ENUM, 1, TEXT",
        "SET, 1, TEXT",
        "CHAR, 1, PADDED_TEXT",
        "BINARY, -2, BYTES",
        "VARBINARY, -3, BYTES",
        "LONGBLOB, -4, BYTES",
        "DATE, 91, DATE",
        "TIME, 92, TIME",
        "DATETIME, 93, TIMESTAMP",
        "TIMESTAMP, 93, TIMESTAMP",
        "JSON, -1, JSON",
        "GEOMETRY, -2, UNSUPPORTED",
        "GEOMCOLLECTION, -2, UNSUPPORTED",
        "VECTOR, -4, UNSUPPORTED"
    })
    void ofMySql(String name, int type, Kind kind) {
        assertThat(new MySqlTableDialect(true).kind(type, name)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "int identity, 4, INTEGER",
        "bigint, -5, INTEGER",
        "tinyint, -6, INTEGER",
        "bit, -7, BOOLEAN",
        "numeric() identity, 2, DECIMAL",
        "decimal, 3, DECIMAL",
        "money, 3, DECIMAL",
        "float, 8, DOUBLE",
        "real, 7, FLOAT",
        "nvarchar, -9, TEXT",
        "varchar, 12, TEXT",
        "ntext, -16, TEXT",
        "nchar, -15, PADDED_TEXT",
        "varbinary, -3, BYTES",
        "date, 91, DATE",
        "time, 92, TIME",
        "datetime, 93, TIMESTAMP",
        "datetime2, 93, TIMESTAMP",
        "datetimeoffset, -155, INSTANT",
        "uniqueidentifier, 1, UUID",
        "timestamp, -2, UNSUPPORTED",
        "sql_variant, -156, UNSUPPORTED",
        "hierarchyid, -3, UNSUPPORTED",
        "geography, -158, UNSUPPORTED",
        "xml, -16, UNSUPPORTED",
        "PhoneNumber, -9, TEXT",
        "Amount, 3, DECIMAL",
        "Version, -2, UNSUPPORTED"
    })
    void ofSqlServer(String name, int type, Kind kind) {
        assertThat(new SqlServerTableDialect().kind(type, name)).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({
        "NUMBER, 3, 10, 0, INTEGER",
        "NUMBER, 3, 18, 0, INTEGER",
        "NUMBER, 3, 19, 0, DECIMAL",
        "NUMBER, 3, 38, 0, DECIMAL",
        "NUMBER, 3, 10, 2, DECIMAL",
        "NUMBER, 3, 5, -2, DECIMAL",
        "NUMBER, 3, 0, -1, DECIMAL",
        "FLOAT, 6, 126, -1, DECIMAL",
        "BINARY_FLOAT, 100, 4, -1, FLOAT",
        "BINARY_DOUBLE, 101, 8, -1, DOUBLE",
        "VARCHAR2, 12, 20, -1, TEXT",
        "NVARCHAR2, -9, 20, -1, TEXT",
        "CLOB, 2005, 4000, -1, TEXT",
        "CHAR, 1, 3, -1, PADDED_TEXT",
        "RAW, -3, 16, -1, BYTES",
        "BLOB, 2004, 4000, -1, BYTES",
        "DATE, 93, 7, -1, TIMESTAMP",
        "TIMESTAMP(6), 93, 11, 6, TIMESTAMP",
        "TIMESTAMP(6) WITH TIME ZONE, -101, 13, 6, INSTANT",
        "TIMESTAMP(3) WITH LOCAL TIME ZONE, -102, 11, 3, INSTANT",
        "LONG, -1, 0, -1, UNSUPPORTED",
        "ROWID, -8, 10, -1, UNSUPPORTED",
        "INTERVAL DAY(2) TO SECOND(6), -104, 11, 6, UNSUPPORTED",
        "XMLTYPE, 2009, 2000, -1, UNSUPPORTED",
        "SDO_GEOMETRY, 2002, 1, -1, UNSUPPORTED"
    })
    void ofOracle(String name, int type, int size, int scale, Kind kind) {
        assertThat(new OracleTableDialect().kind(type, name, size, scale)).isEqualTo(kind);
    }

    @Test
    void uuidsOfSqlServer_areInNoOrderThatIsKnown() {
        TableDialect dialect = new SqlServerTableDialect();
        assertThat(dialect.ordersUuidsLike(new SqlServerTableDialect(), true)).isFalse();
        assertThat(dialect.ordersUuidsLike(new PostgresTableDialect(), true)).isFalse();
        assertThat(new PostgresTableDialect().ordersUuidsLike(dialect, true)).isFalse();
    }

    @Test
    void keyWhoseValuesAreNotFoundAgain_isRefused() {
        TableDialect oracle = new OracleTableDialect();
        assertThatThrownBy(() -> oracle.requireKey("t", column("code", oracle.kind(Types.CHAR, "CHAR"), "CHAR(3)")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("'code'", "'t'", "Oracle", "is a CHAR", "key(..)");
        TableDialect sqlServer = new SqlServerTableDialect();
        assertThatThrownBy(() -> sqlServer.requireKey("t", column("at", Kind.TIMESTAMP, "datetime(3)")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll("'at'", "SQL Server", "DATETIME", "key(..)");
        assertThatCode(() -> sqlServer.requireKey("t", column("at", Kind.TIMESTAMP, "datetime2(7)")))
                .doesNotThrowAnyException();
    }

    private static Column column(String name, Kind kind, String type) {
        return new Column(name, kind, type, -1, true, false);
    }

    @Test
    void refusalsOfMySql_areOfRows() {
        assertThat(SqlFailure.isRefusal(new SQLException("check", "HY000", 3819)))
                .isTrue();
        assertThat(SqlFailure.isRefusal(new SQLException("charset", "HY000", 1366)))
                .isTrue();
        assertThat(SqlFailure.isRefusal(new SQLException("too long", "22001", 1406)))
                .isTrue();
        assertThat(SqlFailure.isRefusal(new SQLException("lock wait", "HY000", 1205)))
                .isFalse();
    }

    /** Connector/J holds a whole result in memory unless it is asked for rows one by one; another driver refuses that. */
    @Test
    void resultsOfMySql_areStreamedByEitherDriver() {
        assertThat(new MySqlTableDialect(true).fetchSize()).isEqualTo(Integer.MIN_VALUE);
        assertThat(new MySqlTableDialect(false).fetchSize()).isEqualTo(1_000);
    }
}
