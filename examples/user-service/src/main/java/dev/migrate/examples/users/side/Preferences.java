package dev.migrate.examples.users.side;

import dev.migrate.examples.users.Preference;
import dev.migrate.examples.users.jdbc.Sql;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The rows of {@code user_preferences} of one user. */
final class Preferences {

    private static final String UPSERT = """
            insert into user_preferences (user_id, preference_key, preference_value) values (?, ?, ?::json)
            on conflict (user_id, preference_key) do update set preference_value = excluded.preference_value""";

    private Preferences() {}

    static List<Preference> of(Connection connection, long userId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select preference_key, preference_value from user_preferences where user_id = ?")) {
            statement.setLong(1, userId);
            List<Preference> preferences = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    preferences.add(new Preference(rows.getString(1), rows.getString(2)));
                }
            }
            return preferences;
        }
    }

    static void replace(Connection connection, long userId, List<Preference> preferences) throws SQLException {
        Array kept = connection.createArrayOf(
                "varchar", preferences.stream().map(Preference::key).toArray());
        Sql.update(
                connection,
                "delete from user_preferences where user_id = ? and preference_key <> all (?)",
                List.of(userId, kept));
        kept.free();
        for (Preference preference : preferences) {
            Sql.update(connection, UPSERT, Arrays.asList(userId, preference.key(), preference.value()));
        }
    }
}
