package dev.migrate.jdbc;

import dev.migrate.AuditEntry;
import dev.migrate.ChangeRules;
import dev.migrate.Node;
import dev.migrate.Setting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements of a store. */
final class Settings {
    /** The nodes of the migration that is changed. */
    interface NodesOf {
        List<Node> of(Connection connection) throws SQLException;
    }

    private Settings() {}

    static Optional<Setting> find(Connection connection, Setting.Kind kind, String name, String lockClause)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select version, setting_value from migrate_setting where kind = ? and name = ?" + lockClause)) {
            select.setString(1, kind.name());
            select.setString(2, name);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Setting(kind, name, rows.getLong(1), rows.getString(2)))
                        : Optional.empty();
            }
        }
    }

    static List<Setting> list(Connection connection, Setting.Kind kind) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select name, version, setting_value from migrate_setting where kind = ?")) {
            select.setString(1, kind.name());
            List<Setting> settings = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    settings.add(new Setting(kind, rows.getString(1), rows.getLong(2), rows.getString(3)));
                }
            }
            settings.sort(Comparator.comparing(Setting::name));
            return List.copyOf(settings);
        }
    }

    static List<AuditEntry> audit(Connection connection, Setting.Kind kind, String name, int limit)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select version, changed_at, who, why, from_value, to_value from migrate_audit"
                        + " where kind = ? and name = ? order by version desc limit ?")) {
            select.setString(1, kind.name());
            select.setString(2, name);
            select.setInt(3, Math.max(0, limit));
            List<AuditEntry> entries = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(new AuditEntry(
                            kind,
                            name,
                            rows.getLong(1),
                            UtcTime.instant(rows.getObject(2, LocalDateTime.class)),
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5),
                            rows.getString(6)));
                }
            }
            return List.copyOf(entries);
        }
    }

    /**
     * Makes a change where the setting still has the version before it, and writes its entry.
     *
     * @param change the entry, but for its {@code from}
     */
    static Setting change(Connection connection, AuditEntry change, NodesOf nodes) throws SQLException {
        Optional<Setting> before = find(connection, change.kind(), change.name(), " for update");
        long found = before.map(Setting::version).orElse(0L);
        if (found != change.version() - 1) {
            throw ChangeRules.stale(change.kind(), change.name(), change.version() - 1, found);
        }
        if (before.isPresent() && movesOn(connection, before.get(), change)) {
            ChangeRules.requireAcknowledged(change.name(), found, nodes.of(connection));
        }
        String sql = before.isPresent()
                ? "update migrate_setting set version = ?, setting_value = ? where kind = ? and name = ?"
                : "insert into migrate_setting (version, setting_value, kind, name) values (?, ?, ?, ?)";
        try (PreparedStatement write = connection.prepareStatement(sql)) {
            write.setLong(1, change.version());
            write.setString(2, change.to());
            write.setString(3, change.kind().name());
            write.setString(4, change.name());
            write.executeUpdate();
        }
        log(connection, change, before.map(Setting::value).orElse(null));
        return new Setting(change.kind(), change.name(), change.version(), change.to());
    }

    /** Whether a position becomes neither what it is nor what it was before. */
    private static boolean movesOn(Connection connection, Setting before, AuditEntry change) throws SQLException {
        return change.kind() == Setting.Kind.POSITION
                && !change.to().equals(before.value())
                && audit(connection, change.kind(), change.name(), 1).stream()
                        .noneMatch(latest -> change.to().equals(latest.from()));
    }

    private static void log(Connection connection, AuditEntry change, @Nullable String from) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into migrate_audit (kind, name, version,"
                + " changed_at, who, why, from_value, to_value) values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, change.kind().name());
            insert.setString(2, change.name());
            insert.setLong(3, change.version());
            insert.setObject(4, UtcTime.of(change.at()));
            insert.setString(5, change.who());
            insert.setString(6, change.why());
            insert.setString(7, from);
            insert.setString(8, change.to());
            insert.executeUpdate();
        }
    }
}
