package dev.migrate.examples.users.check;

import dev.migrate.examples.users.receipts.Digest;
import dev.migrate.examples.users.receipts.Facets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All accounts of a database in the order of their ids, read by one statement of the check's own. For one thread. */
final class HeldAccounts implements AutoCloseable {

    private static final int FETCH = 5_000;
    private static final String ALL = """
            select u.id, u.username, u.email, u.password_hash, u.first_name, u.last_name, u.phone, u.is_active,
                   u.created_at, u.updated_at,
                   p.id, p.bio, p.avatar_url, p.birth_date, p.location, p.website, p.privacy_level,
                   p.created_at, p.updated_at,
                   s.id, s.ip_address, s.user_agent, s.expires_at, s.created_at, s.last_activity
            from users u
              left join user_profiles p on p.user_id = u.id
              left join user_sessions s on s.user_id = u.id
            order by u.id""";

    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;
    private boolean onRow;

    /** One snapshot of the whole database. */
    HeldAccounts(Database database) throws SQLException {
        connection = database.connections().getConnection();
        connection.setAutoCommit(false);
        statement = connection.createStatement();
        statement.setFetchSize(FETCH);
        rows = statement.executeQuery(ALL);
        onRow = rows.next();
    }

    /** The id of the next account, or null at the end. */
    @Nullable Long nextId() throws SQLException {
        return onRow ? rows.getLong(1) : null;
    }

    /** The next account. */
    Held next() throws SQLException {
        long user = rows.getLong(1);
        Map<String, String> digests = new HashMap<>();
        Map<String, String> all = new HashMap<>();
        addUser(digests, all);
        addProfile(digests, all);
        do {
            addSession(digests, all);
            onRow = rows.next();
        } while (onRow && rows.getLong(1) == user);
        return new Held(user, digests, all);
    }

    private void addUser(Map<String, String> digests, Map<String, String> all) throws SQLException {
        String written = Digest.of(text(2), text(3), text(4), text(5), text(6), text(7));
        boolean active = rows.getBoolean(8);
        digests.put(Facets.USER, written);
        digests.put(Facets.ACTIVE, Boolean.toString(active));
        all.put(Facets.USER, Digest.of(written, active, time(9), time(10)));
    }

    private void addProfile(Map<String, String> digests, Map<String, String> all) throws SQLException {
        if (text(11) != null) {
            String written =
                    Digest.of(text(12), text(13), rows.getObject(14, LocalDate.class), text(15), text(16), text(17));
            digests.put(Facets.PROFILE, written);
            all.put(Facets.PROFILE, Digest.of(text(11), written, time(18), time(19)));
        }
    }

    private void addSession(Map<String, String> digests, Map<String, String> all) throws SQLException {
        String id = text(20);
        if (id != null) {
            String written = Digest.of(text(21), text(22), time(23));
            digests.put(Facets.session(id), written);
            all.put(Facets.session(id), Digest.of(written, time(24), time(25)));
        }
    }

    private @Nullable String text(int column) throws SQLException {
        return rows.getString(column);
    }

    private @Nullable LocalDateTime time(int column) throws SQLException {
        return rows.getObject(column, LocalDateTime.class);
    }

    @Override
    public void close() throws SQLException {
        try (connection;
                statement;
                rows) {
            connection.rollback();
        }
    }
}
