package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.Deed.Kind;
import dev.migrate.verify.cluster.Deed.Outcome;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the two databases say at the end of a run of {@link RoomWork}.
 *
 * @param rows how many rows there are on both sides together
 * @param unequal rows that are on one side alone, or not the same in every column, named by table and key
 * @param broken what a constraint is there to prevent, or no transaction may leave behind
 * @param lost tickets that were acknowledged and are not there, or whose changes are not those that were acknowledged
 */
record RoomVerdict(long rows, List<String> unequal, List<String> broken, List<String> lost) {
    /** What must not be found on a side, and how it is looked for. */
    private static final Map<String, String> RULES = new TreeMap<>(Map.of(
            "a label of two seats",
            "SELECT label FROM seat GROUP BY label HAVING count(*) > 1",
            "a seat without its room",
            "SELECT s.label FROM seat s LEFT JOIN room r ON r.id = s.room WHERE r.id IS NULL",
            "a badge without its room",
            "SELECT b.id FROM badge b LEFT JOIN room r ON r.id = b.room WHERE r.id IS NULL",
            "a label of a seat that has made way",
            "SELECT label FROM seat WHERE label LIKE '" + Seat.ASIDE + "%'",
            "a row that no trigger has seen",
            "SELECT id FROM room WHERE touched IS NULL UNION ALL SELECT id FROM seat WHERE touched IS NULL"
                    + " UNION ALL SELECT id FROM badge WHERE touched IS NULL"
                    + " UNION ALL SELECT id FROM ticket WHERE touched IS NULL"));

    static RoomVerdict of(String legacy, String target, List<Ticket> seeded, List<Deed> deeds) throws SQLException {
        try (Connection one = DriverManager.getConnection(legacy);
                Connection other = DriverManager.getConnection(target)) {
            List<String> unequal = new ArrayList<>();
            long rows = 0;
            for (String table : RoomTables.NAMES) {
                Map<String, String> here = rows(one, table);
                Map<String, String> there = rows(other, table);
                rows += here.size() + there.size();
                unequal.addAll(unequal(here, there));
            }
            List<String> broken = new ArrayList<>();
            List<String> lost = new ArrayList<>();
            List<Connection> sides = List.of(one, other);
            for (int i = 0; i < sides.size(); i++) {
                Connection side = sides.get(i);
                String name = i == 0 ? "legacy" : "target";
                broken(side).forEach(rule -> broken.add(rule + ", in " + name));
                lost(Ticket.TABLE.list(side, ""), seeded, deeds).forEach(ticket -> lost.add(ticket + ", in " + name));
            }
            return new RoomVerdict(rows, unequal, broken, lost);
        }
    }

    /** By the table and key, all columns in their order. */
    private static Map<String, String> rows(Connection connection, String table) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement select = connection.createStatement();
                ResultSet found = select.executeQuery("SELECT * FROM " + table)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                String key = table + " " + found.getLong("id")
                        + (List.of("seat", "badge").contains(table) ? " of room " + found.getLong("room") : "");
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    values.add(found.getString(column));
                }
                rows.put(key, values.toString());
            }
        }
        return rows;
    }

    static List<String> unequal(Map<String, String> here, Map<String, String> there) {
        TreeSet<String> keys = new TreeSet<>(here.keySet());
        keys.addAll(there.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(here.get(key), there.get(key)))
                .map(key -> key + ": " + here.getOrDefault(key, "not in legacy") + ", "
                        + there.getOrDefault(key, "not in target"))
                .toList();
    }

    private static List<String> broken(Connection connection) throws SQLException {
        List<String> broken = new ArrayList<>();
        for (Map.Entry<String, String> rule : RULES.entrySet()) {
            try (Statement select = connection.createStatement();
                    ResultSet found = select.executeQuery(rule.getValue())) {
                if (found.next()) {
                    broken.add(rule.getKey() + ": " + found.getString(1));
                }
            }
        }
        return broken;
    }

    /** A ticket was written once when it was made, and once more by every stamp. */
    static List<String> lost(List<Ticket> held, List<Ticket> seeded, List<Deed> deeds) {
        Map<Long, Long> atLeast = new TreeMap<>();
        Map<Long, Long> perhaps = new HashMap<>();
        seeded.forEach(ticket -> atLeast.put(ticket.id(), ticket.changes()));
        for (Deed deed : deeds) {
            boolean isOfTickets = deed.kind() == Kind.BOOK || deed.kind() == Kind.STAMP;
            for (long ticket : isOfTickets ? deed.keys() : List.<Long>of()) {
                if (deed.outcome() == Outcome.DONE) {
                    atLeast.merge(ticket, 1L, Long::sum);
                } else if (deed.outcome() == Outcome.UNKNOWN) {
                    perhaps.merge(ticket, 1L, Long::sum);
                }
            }
        }
        Map<Long, Long> changes = new HashMap<>();
        held.forEach(ticket -> changes.put(ticket.id(), ticket.changes()));
        List<String> lost = new ArrayList<>();
        atLeast.forEach((ticket, least) -> {
            long most = least + perhaps.getOrDefault(ticket, 0L);
            long found = changes.getOrDefault(ticket, 0L);
            if (found < least || found > most) {
                lost.add("ticket " + ticket + " was written " + least + " to " + most + " times, and has " + found);
            }
        });
        return lost;
    }

    boolean isClean() {
        return unequal.isEmpty() && broken.isEmpty() && lost.isEmpty();
    }
}
