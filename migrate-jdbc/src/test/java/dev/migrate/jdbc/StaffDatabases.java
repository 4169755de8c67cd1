package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.DualWriteRouterBuilder;
import dev.migrate.jdbc.StaffTables.Person;
import dev.migrate.jdbc.StaffTables.Task;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.h2.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A router of people and one of tasks, over two real databases, at DUAL_WRITE; the workers work when a test says so, in time that it
 * turns.
 */
final class StaffDatabases implements AutoCloseable {
    /** What happens before a row is written to the target, in its transaction. */
    interface Hook {
        void call(Connection connection) throws Exception;
    }

    /** What a test alters. */
    record Variant(
            UnaryOperator<Records<Long, Person>> people,
            UnaryOperator<Records<Long, Task>> tasks,
            boolean makesWay,
            int parkAfter) {
        static final Variant NONE = new Variant(people -> people, tasks -> tasks, true, 50);
    }

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    final TestDatabase legacyDatabase;
    final TestDatabase targetDatabase;
    final FlakyPool connections = new FlakyPool();
    private final HikariDataSource legacyPool;
    private final HikariDataSource targetPool;
    final JoiningDataSource legacyDb;
    final JoiningDataSource targetDb;
    final ConcurrentLinkedQueue<MigrationEvent> events = new ConcurrentLinkedQueue<>();
    final Migration migration;
    final DualWriteRouter<Long, Person> people;
    final DualWriteRouter<Long, Task> tasks;
    volatile Hook beforeTarget = connection -> {};

    StaffDatabases(TestServer server) throws SQLException {
        this(server, Variant.NONE);
    }

    StaffDatabases(TestServer server, Variant variant) throws SQLException {
        legacyDatabase = server.fresh();
        targetDatabase = server.fresh();
        legacyDatabase.execute(StaffTables.legacyDdl());
        targetDatabase.execute(StaffTables.targetDdl());
        legacyPool = pool(legacyDatabase);
        targetPool = pool(targetDatabase);
        legacyDb = new JoiningDataSource(connections.around(legacyPool));
        targetDb = new JoiningDataSource(connections.around(targetPool));
        migration = Migration.named("staff")
                .store(new JdbcMigrationStore(legacyPool))
                .time(now::get)
                .nanoTime(System::nanoTime)
                .refreshEvery(Duration.ofDays(1))
                .listener(events::add)
                .build();
        people = options(peopleOf(variant), variant).build();
        tasks = tasksOf(variant).build();
        migration.moveTo(Stage.DUAL_WRITE, "test");
    }

    private static HikariDataSource pool(TestDatabase database) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(database.dataSource());
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setExceptionOverride(new EvictsKilled());
        return new HikariDataSource(config);
    }

    /** H2 does not say by the SQL state that a session has ended. */
    private static final class EvictsKilled implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return failure.getErrorCode() == ErrorCode.DATABASE_CALLED_AT_SHUTDOWN
                    ? Override.MUST_EVICT
                    : Override.CONTINUE_EVICT;
        }
    }

    private DualWriteRouterBuilder<Long, Person> peopleOf(Variant variant) {
        Records<Long, Person> legacy = JdbcRecords.<Long, Person>of(
                        legacyDb, StaffTables::findPerson, StaffTables::savePerson, StaffTables::deletePerson)
                .time(now::get);
        Records<Long, Person> target = JdbcRecords.<Long, Person>of(
                        targetDb,
                        StaffTables::findPerson,
                        (connection, person) -> {
                            beforeTarget.call(connection);
                            return StaffTables.savePerson(connection, person);
                        },
                        (connection, id) -> {
                            beforeTarget.call(connection);
                            StaffTables.deletePerson(connection, id);
                        })
                .time(now::get);
        DualWriteRouterBuilder<Long, Person> options = DualWriteRouter.of(migration)
                .legacy(legacy)
                .target(variant.people().apply(target))
                .key(Person::id)
                .records("people");
        return variant.makesWay() ? options.makeWay(Person::aside) : options;
    }

    private DualWriteRouterBuilder<Long, Task> tasksOf(Variant variant) {
        Records<Long, Task> legacy = JdbcRecords.<Long, Task>of(
                        legacyDb, StaffTables::findTask, StaffTables::saveTask, StaffTables::deleteTask)
                .time(now::get);
        Records<Long, Task> target = JdbcRecords.<Long, Task>of(
                        targetDb,
                        StaffTables::findTask,
                        (connection, task) -> {
                            beforeTarget.call(connection);
                            return StaffTables.saveTask(connection, task);
                        },
                        (connection, id) -> {
                            beforeTarget.call(connection);
                            StaffTables.deleteTask(connection, id);
                        })
                .time(now::get);
        DualWriteRouterBuilder<Long, Task> options = options(
                DualWriteRouter.of(migration)
                        .legacy(legacy)
                        .target(variant.tasks().apply(target))
                        .key(Task::id)
                        .records("tasks"),
                variant);
        return variant.makesWay() ? options.makeWay(Task::aside) : options;
    }

    private static <V> DualWriteRouterBuilder<Long, V> options(
            DualWriteRouterBuilder<Long, V> options, Variant variant) {
        return options.parkAfter(variant.parkAfter()).repairEvery(Duration.ofDays(1));
    }

    /** One transaction of legacy, in which no statement breaks a rule, and which leaves exactly these rows. */
    void replaceAll(Map<Long, Person> newPeople, Map<Long, Task> newTasks) throws Exception {
        legacyDb.inTransaction(() -> {
            try (Connection connection = legacyDb.getConnection()) {
                Map<Long, Person> before = StaffTables.people(connection);
                Map<Long, Task> tasksBefore = StaffTables.tasks(connection);
                setAside(connection, before, newPeople);
                setTasksAside(connection, tasksBefore, newTasks);
                for (Task task : newTasks.values()) {
                    if (task.equals(tasksBefore.get(task.id()))) {
                        StaffTables.saveTask(connection, task);
                    } else {
                        tasks.write(task);
                    }
                }
                for (Person person : newPeople.values()) {
                    if (person.equals(before.get(person.id()))) {
                        StaffTables.savePerson(connection, person);
                    } else {
                        people.write(person);
                    }
                }
                tasksBefore.keySet().stream()
                        .filter(id -> !newTasks.containsKey(id))
                        .forEach(tasks::delete);
                before.keySet().stream()
                        .filter(id -> !newPeople.containsKey(id))
                        .forEach(people::delete);
                return true;
            }
        });
    }

    private static void setAside(Connection connection, Map<Long, Person> before, Map<Long, Person> after)
            throws SQLException {
        for (Person person : before.values()) {
            StaffTables.savePerson(connection, person.aside());
        }
        for (Person person : after.values()) {
            StaffTables.savePerson(connection, person.aside());
        }
    }

    private static void setTasksAside(Connection connection, Map<Long, Task> before, Map<Long, Task> after)
            throws SQLException {
        for (Task task : before.values()) {
            StaffTables.saveTask(connection, task.aside());
        }
        for (Task task : after.values()) {
            StaffTables.saveTask(connection, task.aside());
        }
    }

    /** Lets both workers do a number of rounds, beside no attempt that was left over. */
    void settle(int rounds) {
        idle();
        work(rounds);
    }

    /** Lets both workers do a number of rounds, each after a pause that is longer than any of theirs. */
    void work(int rounds) {
        for (int round = 0; round < rounds; round++) {
            turnTime();
            repair(tasks);
            repair(people);
        }
    }

    /** As the worker does it, which goes on at its next time where the journal could not be reached. */
    private static void repair(DualWriteRouter<?, ?> router) {
        try {
            router.repair();
        } catch (MigrationException unreachable) {
            assertThat(unreachable).hasRootCauseInstanceOf(SQLException.class);
        }
    }

    void turnTime() {
        now.updateAndGet(instant -> instant.plus(Duration.ofMinutes(2)));
    }

    void idle() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> migration.threads().isIdle());
    }

    Map<Long, Person> people(Side side) throws SQLException {
        try (Connection connection = connection(side)) {
            return StaffTables.people(connection);
        }
    }

    Map<Long, Task> tasks(Side side) throws SQLException {
        try (Connection connection = connection(side)) {
            return StaffTables.tasks(connection);
        }
    }

    /** One that nobody has killed. */
    private Connection connection(Side side) throws SQLException {
        return (side == Side.LEGACY ? legacyDatabase : targetDatabase)
                .dataSource()
                .getConnection();
    }

    /** The marks of copies that the sessions in the target's pool have been left with; where marks end with transactions, there are none. */
    List<@Nullable String> copyMarks() throws SQLException {
        List<@Nullable String> marks = new ArrayList<>();
        List<Connection> sessions = new ArrayList<>();
        try {
            for (int session = 0; session < 16; session++) {
                Connection connection = targetPool.getConnection();
                sessions.add(connection);
                marks.add(copyMark(connection));
            }
        } finally {
            for (Connection connection : sessions) {
                connection.close();
            }
        }
        return marks;
    }

    private static @Nullable String copyMark(Connection connection) throws SQLException {
        if (!Dialect.of(connection).marksSessions()) {
            return null;
        }
        try (Statement select = connection.createStatement();
                ResultSet row = select.executeQuery("select @migrate_copying")) {
            row.next();
            return row.getString(1);
        }
    }

    boolean isSettled() {
        return people.debt().isSettled() && tasks.debt().isSettled();
    }

    <E extends MigrationEvent> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Ends the session of a connection from outside, as an operator or a failing network does. */
    void kill(Connection victim) throws SQLException {
        String product = targetDatabase.product();
        String whoami = switch (product) {
            case "postgresql" -> "select pg_backend_pid()";
            case "mariadb" -> "select connection_id()";
            default -> "select session_id()";
        };
        long id;
        try (var statement = victim.createStatement();
                var row = statement.executeQuery(whoami)) {
            row.next();
            id = row.getLong(1);
        }
        targetDatabase.execute(
                switch (product) {
                    case "postgresql" -> "select pg_terminate_backend(" + id + ")";
                    case "mariadb" -> "kill connection " + id;
                    default -> "call abort_session(" + id + ")";
                });
    }

    @Override
    public void close() throws SQLException {
        people.close();
        tasks.close();
        migration.close();
        legacyPool.close();
        targetPool.close();
        legacyDatabase.close();
        targetDatabase.close();
    }
}
