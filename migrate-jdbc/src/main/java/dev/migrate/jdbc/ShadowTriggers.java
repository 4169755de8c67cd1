package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The triggers of a table that are not the library's own. */
final class ShadowTriggers {
    private static final String OWN = "migrate\\_%";

    private ShadowTriggers() {}

    static List<String> named(Connection connection, JdbcTable table) throws SQLException {
        String query = switch (Dialect.of(connection).product()) {
            case "postgresql" ->
                "select t.tgname || ' (' || case when t.tgtype & 2 = 2 then 'before' when t.tgtype & 64 = 64"
                        + " then 'instead of' else 'after' end || concat(case when t.tgtype & 4 = 4 then ' insert' end,"
                        + " case when t.tgtype & 16 = 16 then ' update' end, case when t.tgtype & 8 = 8 then ' delete' end)"
                        + " || ')' from pg_trigger t where not t.tgisinternal and t.tgname not like ?"
                        + " and t.tgrelid = ?::regclass order by t.tgname";
            case "mariadb", "mysql" ->
                "select concat(trigger_name, ' (', lower(action_timing), ' ', lower(event_manipulation), ')')"
                        + " from information_schema.triggers where trigger_name not like ?"
                        + " and concat('`', event_object_schema, '`.`', event_object_table, '`') = ? order by trigger_name";
            default ->
                "select trigger_name || ' (' || lower(action_timing) || ' ' || lower(event_manipulation) || ')'"
                        + " from information_schema.triggers where trigger_name not like ?"
                        + " and '\"' || event_object_schema || '\".\"' || event_object_table || '\"' = ?"
                        + " order by trigger_name";
        };
        try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setString(1, OWN);
            select.setString(2, table.found().qualified());
            try (ResultSet rows = select.executeQuery()) {
                List<String> names = new ArrayList<>();
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
                return names;
            }
        }
    }
}
