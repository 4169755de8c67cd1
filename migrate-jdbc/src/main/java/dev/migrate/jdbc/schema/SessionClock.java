package dev.migrate.jdbc.schema;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How sessions of MariaDB and MySQL turn local times into moments for a TIMESTAMP. The zone's rules are Java's, once the database has shown for some moments
 * that it has the same.
 *
 * @param zone the session's; null where it cannot be told
 * @param name what the session calls it
 * @param last the last moment that is held
 */
record SessionClock(@Nullable ZoneId zone, String name, Instant last) {
    private static final Instant FIRST = Instant.ofEpochSecond(1);
    private static final Instant LAST_IN_32_BITS = Instant.ofEpochSecond(Integer.MAX_VALUE, 999_999_999);
    private static final Instant LAST_UNSIGNED = Instant.ofEpochSecond((1L << 32) - 1, 999_999_999);
    private static final List<String> PROBES = List.of(
            "1975-01-15 12:00:00",
            "1985-07-15 12:00:00",
            "2000-01-15 12:00:00",
            "2000-07-15 12:00:00",
            "2026-04-01 12:00:00",
            "2026-11-10 12:00:00");

    /** Asks a session. */
    static SessionClock of(Connection connection, Product product) throws SQLException {
        String name = text(connection, "select @@session.time_zone");
        if (name.equals("SYSTEM")) {
            name = text(connection, "select @@system_time_zone");
        }
        // MySQL's function goes further than its TIMESTAMP
        boolean isLong = product == Product.MARIADB
                && !text(connection, "select coalesce(unix_timestamp('2100-01-01 00:00:00'), 0)")
                        .matches("0(\\.0*)?");
        Instant last = isLong ? LAST_UNSIGNED : LAST_IN_32_BITS;
        for (ZoneId zone : candidates(name)) {
            if (isSame(connection, zone)) {
                return new SessionClock(zone, name, last);
            }
        }
        return new SessionClock(null, name, last);
    }

    private static List<ZoneId> candidates(String name) {
        List<ZoneId> zones = new ArrayList<>();
        try {
            zones.add(ZoneId.of(name, ZoneId.SHORT_IDS));
        } catch (DateTimeException unknown) {
            zones.add(ZoneOffset.UTC);
        }
        zones.add(ZoneId.systemDefault()); // a server on the same machine names its zone by an abbreviation
        return zones;
    }

    private static boolean isSame(Connection connection, ZoneId zone) throws SQLException {
        for (String probe : PROBES) {
            String seconds = text(connection, "select unix_timestamp('" + probe + "')");
            long expected =
                    LocalDateTime.parse(probe.replace(' ', 'T')).atZone(zone).toEpochSecond();
            if (!seconds.replaceFirst("\\.0*$", "").equals(Long.toString(expected))) {
                return false;
            }
        }
        return true;
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        }
    }

    /** Whether a local time is a single moment; what is wrong where it is not. */
    Optional<String> wrong(LocalDateTime time) {
        int offsets = zone == null ? 1 : zone.getRules().getValidOffsets(time).size();
        return switch (offsets) {
            case 0 ->
                Optional.of("the time is left out by the clocks of " + name
                        + ", the time zone of the target's sessions, and is refused or moved");
            case 1 -> Optional.empty();
            default ->
                Optional.of("the time comes twice by the clocks of " + name
                        + ", the time zone of the target's sessions, and one of the two moments is taken");
        };
    }

    /** Whether a local time is within what is held; to be sure, where the zone is not known, a day less. */
    boolean holds(LocalDateTime time) {
        if (zone == null) {
            return time.isAfter(utc(FIRST).plusDays(1))
                    && time.isBefore(utc(last).minusDays(1));
        }
        Instant moment = time.atZone(zone).toInstant();
        return !moment.isBefore(FIRST) && !moment.isAfter(last);
    }

    private static LocalDateTime utc(Instant moment) {
        return LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
    }

    String range() {
        return "only moments from 1970 to " + utc(last).getYear() + " are held";
    }
}
