package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaIT {

    private static final String USER = """
            insert into users (id, username, email, password_hash, updated_at)
            values (1, 'ada', 'ada@example.org', repeat('x', 60), timestamp '2020-01-01 00:00:00')""";

    private DataSource database;

    private void create(Schema schema) {
        database = TestDatabases.with(schema);
    }

    private <T> T one(String sql, Class<T> type) throws SQLException {
        try (Connection connection = database.getConnection()) {
            Optional<T> value = Sql.first(connection, sql, List.of(), row -> row.getObject(1, type));
            return value.orElseThrow();
        }
    }

    private LocalDateTime updatedAt() throws SQLException {
        return one("select updated_at from users where id = 1", LocalDateTime.class);
    }

    @ParameterizedTest
    @EnumSource
    void update_ofAColumn_movesTheTimeOfChange(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);

        TestDatabases.execute(database, "update users set first_name = 'Ada' where id = 1");

        assertThat(updatedAt()).isAfter(LocalDateTime.parse("2026-01-01T00:00:00"));
    }

    @ParameterizedTest
    @EnumSource
    void update_withATimeOfItsOwn_keepsThatTime(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);

        TestDatabases.execute(
                database, "update users set first_name = 'Ada', updated_at = timestamp '2021-02-03 04:05:06'");

        assertThat(updatedAt()).isEqualTo("2021-02-03T04:05:06");
    }

    @ParameterizedTest
    @EnumSource
    void update_thatChangesNothing_leavesTheTimeOfChange(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);

        TestDatabases.execute(database, "update users set username = username, updated_at = updated_at");

        assertThat(updatedAt()).isEqualTo("2020-01-01T00:00:00");
    }

    @ParameterizedTest
    @EnumSource
    void cleanup_removesExpiredSessionsAlone(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);
        TestDatabases.execute(
                database,
                "insert into user_sessions (id, user_id, expires_at)"
                        + " values ('expired', 1, timestamp '2020-01-01'), ('open', 1, timestamp '2100-01-01')");

        TestDatabases.execute(database, "call cleanup_expired_sessions()");

        assertThat(one("select string_agg(id, ',') from user_sessions", String.class))
                .isEqualTo("open");
    }

    @ParameterizedTest
    @EnumSource
    void deletingAUser_deletesProfileAndSessions(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);
        TestDatabases.execute(database, "insert into user_profiles (user_id) values (1)");
        TestDatabases.execute(
                database,
                "insert into user_sessions (id, user_id, expires_at) values ('s', 1, timestamp '2100-01-01')");

        TestDatabases.execute(database, "delete from users");

        assertThat(one(
                        "select (select count(*) from user_profiles) + (select count(*) from user_sessions)",
                        Long.class))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void activeUsers_areThoseWhoAreActive(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);
        assertThat(one("select count(*) from active_users", Long.class)).isEqualTo(1);

        TestDatabases.execute(database, "update users set is_active = false");

        assertThat(one("select count(*) from active_users", Long.class)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "TARGET")
    void target_hasVerifiedUsersAndUsersWithProfile(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);
        TestDatabases.execute(database, "insert into user_profiles (user_id, bio) values (1, 'Counts.')");
        assertThat(one("select count(*) from verified_users", Long.class)).isZero();

        TestDatabases.execute(database, "update users set email_verified_at = current_timestamp");

        assertThat(one("select count(*) from verified_users", Long.class)).isEqualTo(1);
        assertThat(one("select bio from get_user_with_profile(1)", String.class))
                .isEqualTo("Counts.");
        assertThat(one("select count(*) from get_user_with_profile(2)", Long.class))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "TARGET")
    void target_refusesAShortPhoneAndALongBio(Schema schema) {
        create(schema);
        TestDatabases.execute(database, USER);

        assertThatThrownBy(() -> TestDatabases.execute(database, "update users set phone = '123456789'"))
                .hasMessageContaining("users_phone_check");
        assertThatThrownBy(() -> TestDatabases.execute(
                        database, "insert into user_profiles (user_id, bio) values (1, repeat('x', 2001))"))
                .hasMessageContaining("user_profiles_bio_check");
    }

    @ParameterizedTest
    @EnumSource(names = "TARGET")
    void target_profileIdsBeginFarAboveLegacys(Schema schema) throws SQLException {
        create(schema);
        TestDatabases.execute(database, USER);

        TestDatabases.execute(database, "insert into user_profiles (user_id) values (1)");

        assertThat(one("select id from user_profiles", Long.class)).isEqualTo(1_000_000_000_000L);
    }
}
