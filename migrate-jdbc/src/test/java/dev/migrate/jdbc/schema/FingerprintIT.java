package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class FingerprintIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String TABLE = "create table %s (id bigint primary key, c varchar(9) not null, d int)";

    @ParameterizedTest
    @FieldSource("SERVERS")
    void anotherSchema_hasAnotherFingerprint(TestServer server) throws SQLException {
        try (TestDatabase database = server.fresh()) {
            DatabaseSchema schema = DatabaseSchema.of(database.dataSource());
            database.execute(TABLE.formatted("t"), TABLE.formatted("u"));
            String before = schema.fingerprint("T");
            String ofAll = schema.fingerprint();
            assertThat(before).matches("[0-9a-f]{64}").isNotEqualTo(ofAll);
            database.execute("insert into t values (1, 'a', 2)", "alter table u add column e int");
            assertThat(schema.fingerprint("t")).isEqualTo(before);
            assertThat(schema.fingerprint()).isNotEqualTo(ofAll);
            for (String change : List.of(
                    "create index t_d on t (d)",
                    "create unique index t_c on t (c)",
                    "alter table t add constraint t_positive check (d > 0)",
                    "alter table t add constraint t_u foreign key (id) references u (id)",
                    "alter table t add column f varchar(5)")) {
                if (change.contains("foreign")) {
                    database.execute("insert into u (id, c) values (1, 'a')");
                }
                database.execute(change);
                assertThat(schema.fingerprint("t")).as(change).isNotEqualTo(before);
                before = schema.fingerprint("t");
            }
            assertThatThrownBy(() -> schema.fingerprint("v"))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("there is no table 'v' in the schema")
                    .hasMessageContaining("[t, u]");
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void orderOfColumns_doesNotMatter(TestServer server) throws SQLException {
        try (TestDatabase one = server.fresh();
                TestDatabase other = server.fresh()) {
            one.execute("create table t (c varchar(9), d int)");
            other.execute("create table t (d int, c varchar(9))");
            assertThat(DatabaseSchema.of(one.dataSource()).fingerprint())
                    .isEqualTo(DatabaseSchema.of(other.dataSource()).fingerprint());
        }
    }
}
