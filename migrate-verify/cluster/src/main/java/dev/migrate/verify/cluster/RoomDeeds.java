package dev.migrate.verify.cluster;

import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.verify.cluster.Deed.Done;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** The deeds of one client; for one thread. */
final class RoomDeeds {
    private static final int MOST_REFUSALS = 20;
    private static final int SEATS_MADE = 80;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /** A ticket that was made. */
    record Booked(long number, int refusals) {}

    /** What is done in a transaction past the routers. */
    private interface Statements {
        Done run(Side on, Connection connection) throws SQLException;
    }

    private final RoomWork work;
    private final String name;
    private final SplittableRandom random;
    private long made;

    RoomDeeds(RoomWork work, String name, SplittableRandom random) {
        this.work = work;
        this.name = name;
        this.random = random;
    }

    private String content() {
        return name + "-" + ++made;
    }

    private static Done done(int rows) {
        return new Done(rows, 0, 0);
    }

    private List<Long> someSeats(int number) {
        List<Long> all =
                new ArrayList<>(LongStream.range(0, RoomTables.SEATS).boxed().toList());
        while (all.size() > number) {
            all.remove(random.nextInt(all.size()));
        }
        return all;
    }

    Done furnish(long room) {
        return work.rooms.within(room, within -> {
            work.rooms.write(Room.of(room, content()));
            List<Seat> present = Seat.TABLE.list(within.unwrap(Connection.class), "WHERE room = ?", room);
            Set<String> labels = new HashSet<>();
            Set<Long> ids = new HashSet<>();
            for (Seat seat : present) {
                labels.add(seat.label());
                ids.add(seat.id());
            }
            for (long id = 0; id < RoomTables.SEATS; id++) {
                if (random.nextInt(100) < SEATS_MADE && ids.add(id)) {
                    work.seats.write(Seat.of(room, id, freeLabel(room, labels), content()));
                }
            }
            long badge = random.nextInt(RoomTables.BADGES);
            work.badges.write(Badge.of(room, badge, content()));
            return done(2 + ids.size() - present.size());
        });
    }

    private static String freeLabel(long room, Set<String> taken) {
        long number = 0;
        while (!taken.add(RoomTables.label(room, number))) {
            number++;
        }
        return RoomTables.label(room, number);
    }

    Done swap(long room) {
        List<Long> two = someSeats(2);
        return work.seats.within(List.of(room, two.get(0)), within -> {
            Connection connection = within.unwrap(Connection.class);
            List<Seat> seats = Seat.TABLE.list(
                    connection, "WHERE room = ? AND id IN (?, ?) ORDER BY id FOR UPDATE", room, two.get(0), two.get(1));
            if (seats.size() < 2) {
                return Done.NOTHING;
            }
            relabel(connection, seats.get(0), "moving-" + content());
            relabel(connection, seats.get(1), seats.get(0).label());
            relabel(connection, seats.get(0), seats.get(1).label());
            work.seats.touched(List.of(seats.get(1).key()));
            return done(2);
        });
    }

    private static void relabel(Connection connection, Seat seat, String label) throws SQLException {
        TableSql.execute(
                connection,
                "UPDATE seat SET label = ? WHERE room = ? AND id = ?",
                List.of(label, seat.room(), seat.id()));
    }

    Done circle(long room) {
        List<Long> three = someSeats(3);
        return work.seats.within(List.of(room, three.get(0)), within -> {
            List<Seat> seats = Seat.TABLE.list(
                    within.unwrap(Connection.class),
                    "WHERE room = ? AND id IN (?, ?, ?) ORDER BY id FOR UPDATE",
                    room,
                    three.get(0),
                    three.get(1),
                    three.get(2));
            if (seats.size() < 3) {
                return Done.NOTHING;
            }
            work.seats.write(seats.get(0).under("moving-" + content()));
            work.seats.write(seats.get(2).under(seats.get(0).label()));
            work.seats.write(seats.get(1).under(seats.get(2).label()));
            work.seats.write(seats.get(0).under(seats.get(1).label()));
            return done(3);
        });
    }

    Done swapInSteps(long room) {
        List<Long> two = someSeats(2);
        Optional<Seat> one = work.seats.read(List.of(room, two.get(0)));
        Optional<Seat> other = work.seats.read(List.of(room, two.get(1)));
        if (one.isEmpty() || other.isEmpty()) {
            return Done.NOTHING;
        }
        work.seats.write(one.get().under("moving-" + content()));
        work.seats.write(other.get().under(one.get().label()));
        work.seats.write(one.get().under(other.get().label()));
        return done(2);
    }

    Done drop(long room) {
        return work.rooms.within(room, within -> {
            Connection connection = within.unwrap(Connection.class);
            int rooms = Room.TABLE.list(connection, "WHERE id = ?", room).size();
            int belonging = belonging(connection, " = ?", List.of(room));
            work.rooms.delete(room);
            takeBadgesAlong(within.side(), connection, " = ?", List.of(room));
            return new Done(rooms, belonging, 0);
        });
    }

    Done dropMany(long room, int rooms) throws SQLException {
        Side side = work.sideOf(room);
        List<Long> all = LongStream.range(room, room + 3)
                .map(one -> one % rooms)
                .distinct()
                .filter(one -> work.sideOf(one) == side)
                .sorted()
                .boxed()
                .toList();
        String among = " IN (" + String.join(", ", all.stream().map(one -> "?").toList()) + ")";
        return past(room, (on, connection) -> {
            int belonging = belonging(connection, among, all);
            int deleted = TableSql.execute(connection, "DELETE FROM room WHERE id" + among, all);
            takeBadgesAlong(on, connection, among, all);
            return new Done(deleted, belonging, 0);
        });
    }

    /** The seats and badges that go with rooms. */
    private static int belonging(Connection connection, String among, List<Long> rooms) throws SQLException {
        return Seat.TABLE
                        .list(connection, "WHERE room" + among, rooms.toArray())
                        .size()
                + Badge.TABLE
                        .list(connection, "WHERE room" + among, rooms.toArray())
                        .size();
    }

    /** Where no cascade does; after the rooms, whose rows keep out whoever would give them badges meanwhile. */
    private static void takeBadgesAlong(Side side, Connection connection, String among, List<Long> rooms)
            throws SQLException {
        if (side == Side.TARGET) {
            TableSql.execute(connection, "DELETE FROM badge WHERE room" + among, rooms);
        }
    }

    Done clear(long room) throws SQLException {
        long from = random.nextInt(1, RoomTables.SEATS);
        return past(
                room,
                (on, connection) -> done(TableSql.execute(
                        connection, "DELETE FROM seat WHERE room = ? AND id >= ?", List.of(room, from))));
    }

    Done paint(long room) throws SQLException {
        String content = content();
        return past(
                room,
                (on, connection) -> done(TableSql.execute(
                        connection, "UPDATE seat SET content = ? WHERE room = ?", List.of(content, room))));
    }

    /** In a transaction of which the routers know nothing; where the trigger refuses it, authority is asked for anew. */
    private Done past(long room, Statements statements) throws SQLException {
        int refusals = 0;
        while (true) {
            Side side = work.sideOf(room);
            try (Connection connection = work.db(side).newConnection()) {
                Done done = inTransaction(connection, side, statements);
                return new Done(done.rows(), done.cascaded(), refusals);
            } catch (SQLException failure) {
                if (!RoomClient.REFUSED.equals(failure.getSQLState()) || refusals == MOST_REFUSALS) {
                    throw failure;
                }
            }
            refusals++;
            LockSupport.parkNanos(PAUSE_NANOS);
            work.migration.refresh();
        }
    }

    private static Done inTransaction(Connection connection, Side side, Statements statements) throws SQLException {
        connection.setAutoCommit(false);
        try {
            Done done = statements.run(side, connection);
            connection.commit();
            return done;
        } catch (SQLException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** The number is the database's, and may be one that the other side decides on: then another is drawn. */
    Booked book() throws Exception {
        int refusals = 0;
        while (true) {
            int segment = random.nextInt(Position.SEGMENTS);
            Side side = work.migration.current().authoritativeFor(segment);
            try {
                return new Booked(work.db(side).inTransaction(() -> bookOn(side)), refusals);
            } catch (RefusedWriteException refused) {
                if (++refusals > MOST_REFUSALS) {
                    throw refused;
                }
                work.migration.refresh();
            }
        }
    }

    private long bookOn(Side side) throws SQLException {
        try (Connection connection = work.db(side).getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO ticket (content, changes) VALUES (?, 0)", Statement.RETURN_GENERATED_KEYS)) {
            insert.setString(1, content());
            insert.executeUpdate();
            try (ResultSet keys = insert.getGeneratedKeys()) {
                keys.next();
                long number = keys.getLong(1);
                work.tickets.touched(List.of(number));
                return number;
            }
        }
    }

    /** Of those that are to be stamped none may be missing: then the side was not yet the one that decides on it. */
    Done stamp(List<Long> numbers) throws Exception {
        Side side = work.sideOf(numbers.get(0));
        List<Object> values = new ArrayList<>(List.of(content()));
        values.addAll(numbers);
        String marks = String.join(", ", numbers.stream().map(one -> "?").toList());
        return work.db(side).inTransaction(() -> {
            try (Connection connection = work.db(side).getConnection()) {
                int rows = TableSql.execute(
                        connection, "UPDATE ticket SET content = ? WHERE id IN (" + marks + ")", values);
                work.tickets.touched(numbers);
                if (rows < numbers.size()) {
                    throw new RefusedWriteException("a ticket had not arrived when the statement ran");
                }
                return done(rows);
            }
        });
    }
}
