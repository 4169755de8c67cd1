package dev.migrate.verify.cluster;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.DualWriteRouterBuilder;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.jdbc.JdbcSequence;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.jdbc.OwingTrigger;
import dev.migrate.jdbc.SequenceGate;
import dev.migrate.side.Debt;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Clients that exchange unique values, delete by cascades and write past the routers; a room and what belongs to it have one bucket, so that what is in each
 * other's way, or goes together, has one authority.
 */
final class RoomWork implements NodeWork {
    private static final String MADE_WAY = "made-way-";

    /** On MariaDB a margin keeps the tickets' numbers apart while both sides make some. */
    private static final long MARGIN = 100_000;

    private static final int PARKED_SOON = 5;
    final Migration migration;
    final DualWriteRouter<Long, Room> rooms;
    final DualWriteRouter<List<Long>, Seat> seats;
    final DualWriteRouter<List<Long>, Badge> badges;
    final DualWriteRouter<Long, Ticket> tickets;
    private final JoiningDataSource legacy;
    private final JoiningDataSource target;
    private final Lacking lacking;
    private final SequenceGate numbers;
    private final FileOutputStream madeWay;
    private final List<RoomClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    RoomWork(Migration migration, DataSource legacyPool, DataSource targetPool, NodeSetup setup) throws IOException {
        this.migration = migration;
        this.lacking = setup.lacking();
        this.legacy = new JoiningDataSource(legacyPool);
        this.target = new JoiningDataSource(targetPool);
        this.madeWay = new FileOutputStream(
                setup.history().resolve(MADE_WAY + setup.name()).toFile(), true);
        this.rooms = of(Room.TABLE, "rooms").key(Room::id).build();
        DualWriteRouterBuilder<List<Long>, Seat> ofSeats =
                of(Seat.TABLE, "seats").key(Seat::key).partition(key -> key.get(0));
        this.seats = (lacking == Lacking.MAKE_WAY ? ofSeats : ofSeats.makeWay(this::makeWay)).build();
        this.badges = of(Badge.TABLE, "badges")
                .key(Badge::key)
                .partition(key -> key.get(0))
                .build();
        this.tickets = of(Ticket.TABLE, "tickets").key(Ticket::id).build();
        SequenceGate.Builder gate = SequenceGate.of(migration)
                .legacy(JdbcSequence.behind(legacy, "ticket", "id"))
                .target(JdbcSequence.behind(target, "ticket", "id"));
        this.numbers = (RoomTables.isMariaDb(setup.legacyUrl()) ? gate.margin(MARGIN) : gate).build();
        for (DualWriteRouter<?, ?> router : routers()) {
            if (router.guarantee() != Guarantee.EXACT) {
                throw new IllegalStateException("the guarantee must be EXACT, but is " + router);
            }
        }
        for (int number = 0; number < setup.clients(); number++) {
            clients.add(new RoomClient(this, setup, setup.name() + "-" + number));
        }
    }

    private <K, V> DualWriteRouterBuilder<K, V> of(TableSql<K, V> table, String records) {
        DualWriteRouterBuilder<K, V> options = DualWriteRouter.of(migration)
                .legacy(table.in(legacy))
                .target(table.in(target))
                .records(records)
                .liveReadsFallBack(false);
        return lacking.isWalked() ? options : options.parkAfter(PARKED_SOON);
    }

    private List<DualWriteRouter<?, ?>> routers() {
        return List.of(rooms, seats, badges, tickets);
    }

    /** A byte for each, so that a killed process loses none. */
    private Seat makeWay(Seat seat) {
        try {
            madeWay.write('.');
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return seat.aside();
    }

    /** How many rows have made way on all nodes. */
    static long madeWay(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            long all = 0;
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(MADE_WAY))
                    .toList()) {
                all += Files.size(file);
            }
            return all;
        }
    }

    JoiningDataSource db(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    /** The side that is authoritative for what a number decides the bucket of, as far as this node knows. */
    Side sideOf(long number) {
        return migration.current().authoritativeFor(Position.segmentOf(migration.bucketOf(number)));
    }

    private JdbcTable table(Side side, String name) {
        JdbcTable table = JdbcTable.of(db(side), name).records(name + "s");
        return List.of("seat", "badge").contains(name) ? table.partitionBy("room") : table;
    }

    /** Tickets have no trigger: whoever writes them past the router tells it. */
    @Override
    public void prepare() {
        if (lacking == Lacking.TRIGGER) {
            return;
        }
        for (String name : List.of("room", "seat", "badge")) {
            OwingTrigger.of(migration).legacy(table(Side.LEGACY, name)).install();
            OwingTrigger.of(migration).target(table(Side.TARGET, name)).install();
        }
    }

    @Override
    public void start() {
        for (RoomClient client : clients) {
            Thread thread = new Thread(client, "client");
            threads.add(thread);
            thread.start();
        }
    }

    @Override
    public void rest() throws InterruptedException {
        clients.forEach(RoomClient::stop);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public String backfill() throws Exception {
        List<String> done = new ArrayList<>();
        for (String name : RoomTables.NAMES) {
            done.add(Backfill.of(migration)
                    .legacy(table(Side.LEGACY, name))
                    .target(table(Side.TARGET, name))
                    .chunkRows(100)
                    .build()
                    .run()
                    .toString());
        }
        return String.join("; ", done);
    }

    @Override
    public void repair() {
        routers().forEach(DualWriteRouter::repair);
    }

    @Override
    public Debt debt() {
        return routers().stream().map(DualWriteRouter::debt).reduce(Debt.NONE, Debt::plus);
    }

    @Override
    public void close() {
        numbers.close();
        routers().forEach(DualWriteRouter::close);
        try {
            madeWay.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
