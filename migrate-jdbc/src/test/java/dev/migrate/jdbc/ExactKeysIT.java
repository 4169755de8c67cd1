package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** In a database that takes texts for one, two keys would be one in the journal. */
class ExactKeysIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET IGNORECASE TRUE",
                "SET COLLATION ENGLISH STRENGTH PRIMARY",
                "SET COLLATION ENGLISH STRENGTH SECONDARY"
            })
    void databaseThatTakesTextsForOne_isRefused(String setting) throws Exception {
        try (TestDatabase database = TestDatabases.h2()) {
            database.execute(setting, "CREATE TABLE users (code VARCHAR(20) PRIMARY KEY)");
            JdbcTable users = JdbcTable.of(database.dataSource(), "users");
            assertThatThrownBy(() -> users.books("users", Side.LEGACY))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("must tell every two keys apart")
                    .hasMessageContaining("IGNORECASE or SET COLLATION");
        }
    }

    @Test
    void columnThatTakesTextsForOne_isNoHindrance() throws Exception {
        try (TestDatabase database = TestDatabases.h2()) {
            database.execute("CREATE TABLE users (code VARCHAR_IGNORECASE(20) PRIMARY KEY)");
            JdbcTable users = JdbcTable.of(database.dataSource(), "users");
            assertThat(users.books("users", Side.LEGACY).roles()).isEmpty();
        }
    }
}
