package dev.migrate.examples.users.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.jdbc.Accounts;
import dev.migrate.examples.users.jdbc.Sql;
import dev.migrate.examples.users.run.Schema;
import dev.migrate.examples.users.side.LegacyAccounts;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class SeederIT {

    private static final int USERS = 6_000;

    private final People people = new People(11);
    private final DataSource legacy = TestDatabases.with(Schema.LEGACY);
    private final Accounts accounts = new LegacyAccounts();

    @Test
    void seed_storesEveryPerson_andSetsTheSequencesPastThem() throws Exception {
        List<Long> progress = new ArrayList<>();
        try (Connection connection = legacy.getConnection()) {
            new Seeder(people).seed(connection, USERS, progress::add);
        }

        assertThat(progress).containsExactly(5_000L, 6_000L);
        try (Connection connection = legacy.getConnection()) {
            for (long id = 1; id <= USERS; id += id < 200 ? 1 : 37) {
                assertThat(accounts.find(connection, id)).hasValue(people.seeded(id));
            }
            assertThat(Sql.first(connection, "select count(*) from users", List.of(), row -> row.getInt(1)))
                    .hasValue(USERS);
            assertThat(Sql.first(
                            connection,
                            "select nextval(pg_get_serial_sequence('users', 'id'))",
                            List.of(),
                            row -> row.getInt(1)))
                    .hasValue(USERS + 1);
            assertThat(Sql.first(
                            connection,
                            "select nextval(pg_get_serial_sequence('user_profiles', 'id'))"
                                    + " > (select max(id) from user_profiles)",
                            List.of(),
                            row -> row.getBoolean(1)))
                    .hasValue(true);
        }
    }
}
