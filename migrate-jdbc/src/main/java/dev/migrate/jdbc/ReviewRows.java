package dev.migrate.jdbc;

import dev.migrate.Side;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.reconcile.Difference;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.ReviewRules.Change;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements on the reviews of one kind of records. */
record ReviewRows(String migration, String records) {
    private static final String OF_RECORDS = " where migration = ? and records = ?";
    private static final String SELECT =
            "select record_key, version, cursor_text, kind, authoritative, fields, state, since,"
                    + " last_seen, claimed_by, claimed_until, decided_for, decided_by, decided_at, note, reason,"
                    + " hints, accepted_version from migrate_review"
                    + OF_RECORDS;

    /** Accepted is what is closed under the version that was accepted: nodes of earlier versions know only that it is closed. */
    private static String in(Review.State state) {
        return switch (state) {
            case OPEN, DECIDED -> " and state = '" + state.name() + "'";
            case CLOSED -> " and state = 'CLOSED' and (accepted_version is null or accepted_version <> version)";
            case ACCEPTED -> " and state = 'CLOSED' and accepted_version = version";
        };
    }

    private int bind(PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, migration);
        statement.setString(first + 1, records);
        return first + 2;
    }

    Optional<Review> find(Connection connection, String key, String lock) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + " and record_key = ?" + lock)) {
            select.setString(bind(select, 1), key);
            return read(select).stream().findFirst();
        }
    }

    List<Review> list(Connection connection, Review.State state, int limit) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement(SELECT + in(state) + " order by since, record_key limit ?")) {
            select.setInt(bind(select, 1), limit);
            return read(select);
        }
    }

    long count(Connection connection, Review.State state) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select count(*) from migrate_review" + OF_RECORDS + in(state))) {
            bind(select, 1);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    /** Keeps a review in place of the one before it, and its entry. */
    Review keep(Connection connection, Change change, boolean isKnown) throws SQLException {
        String sql = isKnown
                ? "update migrate_review set version = ?, cursor_text = ?, kind = ?, authoritative = ?, fields = ?, state = ?,"
                        + " since = ?, last_seen = ?, claimed_by = ?, claimed_until = ?, decided_for = ?, decided_by = ?,"
                        + " decided_at = ?, note = ?, reason = ?, hints = ?, accepted_version = ?" + OF_RECORDS
                        + " and record_key = ?"
                : "insert into migrate_review (version, cursor_text, kind, authoritative, fields, state, since, last_seen,"
                        + " claimed_by, claimed_until, decided_for, decided_by, decided_at, note, reason, hints, accepted_version,"
                        + " migration, records, record_key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement write = connection.prepareStatement(sql)) {
            bind(write, change.review());
            write.executeUpdate();
        }
        Review.Entry entry = change.entry();
        if (entry != null) {
            log(connection, change.review().key(), entry);
        }
        return change.review();
    }

    private void bind(PreparedStatement write, Review review) throws SQLException {
        Difference difference = review.found().difference();
        Review.Claim claim = review.claim();
        Review.Decision decision = review.decision();
        write.setLong(1, review.version());
        write.setString(2, review.found().cursor());
        write.setString(3, difference.kind().name());
        write.setString(4, difference.authoritative().name());
        write.setString(5, CanonicalKeys.encode(difference.fields()));
        boolean isAccepted = review.state() == Review.State.ACCEPTED;
        write.setString(6, (isAccepted ? Review.State.CLOSED : review.state()).name());
        write.setObject(7, UtcTime.of(review.since()));
        write.setObject(8, UtcTime.of(review.lastSeen()));
        write.setString(9, claim == null ? null : claim.who());
        write.setObject(10, claim == null ? null : UtcTime.of(claim.until()));
        write.setString(11, decision == null ? null : decision.right().name());
        write.setString(12, decision == null ? null : decision.who());
        write.setObject(13, decision == null ? null : UtcTime.of(decision.at()));
        write.setString(14, decision == null ? null : decision.note());
        write.setString(15, difference.reason());
        write.setString(16, difference.hints().isEmpty() ? null : HintText.of(difference.hints()));
        write.setObject(17, isAccepted ? review.version() : null, Types.BIGINT);
        write.setString(bind(write, 18), review.key());
    }

    private void log(Connection connection, String key, Review.Entry entry) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into migrate_review_audit (migration, records,"
                        + " record_key, version, changed_at, who, deed, note) values (?, ?, ?, ?, ?, ?, ?, ?)")) {
            int next = bind(insert, 1);
            insert.setString(next, key);
            insert.setLong(next + 1, entry.version());
            insert.setObject(next + 2, UtcTime.of(entry.at()));
            insert.setString(next + 3, entry.who());
            insert.setString(next + 4, entry.deed().name());
            insert.setString(next + 5, entry.note());
            insert.executeUpdate();
        }
    }

    List<Review.Entry> audit(Connection connection, String key, int limit) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select version, changed_at, who, deed, note from"
                + " migrate_review_audit" + OF_RECORDS + " and record_key = ? order by version desc limit ?")) {
            int next = bind(select, 1);
            select.setString(next, key);
            select.setInt(next + 1, limit);
            List<Review.Entry> entries = new ArrayList<>();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    entries.add(new Review.Entry(
                            rows.getLong(1),
                            instant(rows, 2),
                            rows.getString(3),
                            Review.Deed.valueOf(rows.getString(4)),
                            rows.getString(5)));
                }
            }
            return entries;
        }
    }

    private static List<Review> read(PreparedStatement select) throws SQLException {
        try (ResultSet rows = select.executeQuery()) {
            List<Review> found = new ArrayList<>();
            while (rows.next()) {
                found.add(new Review(
                        found(rows),
                        state(rows),
                        instant(rows, 8),
                        instant(rows, 9),
                        claim(rows),
                        decision(rows),
                        rows.getLong(2)));
            }
            return found;
        }
    }

    private static Review.State state(ResultSet rows) throws SQLException {
        Review.State state = Review.State.valueOf(rows.getString(7));
        boolean isAccepted = rows.getLong(2) == rows.getLong(18); // NULL is read as 0, which no version is
        return (state == Review.State.CLOSED && isAccepted) ? Review.State.ACCEPTED : state;
    }

    private static Review.Found found(ResultSet rows) throws SQLException {
        List<String> fields = ((List<?>) CanonicalKeys.decode(rows.getString(6)))
                .stream().map(String::valueOf).toList();
        String hints = rows.getString(17);
        Difference difference = new Difference(
                rows.getString(1),
                Difference.Kind.valueOf(rows.getString(4)),
                Side.valueOf(rows.getString(5)),
                fields,
                hints == null ? Map.of() : HintText.parse(hints),
                rows.getString(16));
        return new Review.Found(difference, rows.getString(3));
    }

    private static Review.@Nullable Claim claim(ResultSet rows) throws SQLException {
        String who = rows.getString(10);
        return who == null ? null : new Review.Claim(who, instant(rows, 11));
    }

    private static Review.@Nullable Decision decision(ResultSet rows) throws SQLException {
        String right = rows.getString(12);
        return right == null
                ? null
                : new Review.Decision(Side.valueOf(right), rows.getString(13), rows.getString(15), instant(rows, 14));
    }

    private static Instant instant(ResultSet rows, int column) throws SQLException {
        return UtcTime.instant(rows.getObject(column, LocalDateTime.class));
    }
}
