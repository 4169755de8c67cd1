package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationEvent.KeyParked;
import dev.migrate.MigrationEvent.ShadowWriteFailed;
import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.jdbc.StaffDatabases.Variant;
import dev.migrate.jdbc.StaffTables.Person;
import dev.migrate.jdbc.StaffTables.Task;
import dev.migrate.side.BookedRecords;
import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Rows that are in each other's way in the shadow's database, by its own unique and foreign keys. */
class ConstraintsIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final int ROUNDS = 4;
    private static final Map<Long, Task> NO_TASKS = Map.of();

    private static Person person(long id, String name) {
        return new Person(id, name, null, null);
    }

    private static Map<Long, Person> people(Person... people) {
        Map<Long, Person> all = new TreeMap<>();
        for (Person person : people) {
            all.put(person.id(), person);
        }
        return all;
    }

    private static Map<Long, Task> tasks(Task... tasks) {
        Map<Long, Task> all = new TreeMap<>();
        for (Task task : tasks) {
            all.put(task.id(), task);
        }
        return all;
    }

    private static void assertEqualAndNothingParked(StaffDatabases staff) throws SQLException {
        assertThat(staff.people(Side.TARGET)).isEqualTo(staff.people(Side.LEGACY));
        assertThat(staff.tasks(Side.TARGET)).isEqualTo(staff.tasks(Side.LEGACY));
        assertThat(staff.isSettled()).isTrue();
        assertThat(staff.events(KeyParked.class)).isEmpty();
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void exchangedNames_arriveTogether_andTakeNothingFromTheirRows(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server)) {
            staff.replaceAll(
                    people(person(1, "a"), person(2, "b"), person(3, "c")),
                    tasks(new Task(10, 1, "t"), new Task(11, 2, "u")));
            staff.settle(ROUNDS);
            staff.targetDatabase.execute(
                    "insert into badge (id, person) values (1, 1), (2, 2), (3, 3)", "update person set note = 'kept'");
            staff.replaceAll(
                    people(person(1, "b"), person(2, "c"), person(3, "a")),
                    tasks(new Task(10, 1, "u"), new Task(11, 2, "t")));
            staff.settle(ROUNDS);
            assertEqualAndNothingParked(staff);
            assertThat(count(staff, "select count(*) from badge"))
                    .as("what a cascade would have deleted")
                    .isEqualTo(3);
            assertThat(count(staff, "select count(*) from person where note = 'kept'"))
                    .as("a column that the target alone has")
                    .isEqualTo(3);
        }
    }

    private static long count(StaffDatabases staff, String query) throws SQLException {
        try (Connection connection = staff.targetDb.newConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void childBeforeItsParent_andParentDeletedBeforeItsChild_arrive(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server, new Variant(p -> p, t -> t, false, 50))) {
            downWhile(
                    staff,
                    () -> staff.replaceAll(
                            people(new Person(1, "a", 2L, null), new Person(2, "b", 3L, null), person(3, "c")),
                            tasks(new Task(10, 1, "t"))));
            staff.settle(ROUNDS);
            assertThat(staff.events(ShadowWriteFailed.class))
                    .as("the wrong order was tried")
                    .isNotEmpty();
            assertEqualAndNothingParked(staff);
            downWhile(staff, () -> staff.replaceAll(people(person(1, "freed"), person(4, "a")), NO_TASKS));
            staff.turnTime();
            staff.people.repair();
            staff.settle(ROUNDS);
            assertEqualAndNothingParked(staff);
        }
    }

    private interface Change {
        void make() throws Exception;
    }

    /** So that nothing is copied right after its commit. */
    private static void downWhile(StaffDatabases staff, Change change) throws Exception {
        staff.beforeTarget = connection -> {
            throw new SQLException("the target is down", "08006");
        };
        change.make();
        staff.idle();
        staff.beforeTarget = connection -> {};
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsOfTwoTablesThatReferToEachOther_arriveTogether(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server)) {
            staff.replaceAll(
                    people(new Person(1, "a", 1L, 10L), new Person(2, "b", 1L, 11L), new Person(3, "c", 2L, 10L)),
                    tasks(new Task(10, 1, "t"), new Task(11, 2, "u")));
            staff.settle(ROUNDS);
            assertEqualAndNothingParked(staff);
            staff.replaceAll(people(), NO_TASKS);
            staff.settle(ROUNDS);
            assertEqualAndNothingParked(staff);
            assertThat(staff.people(Side.TARGET)).isEmpty();
        }
    }

    /** Each alone is refused when it is to commit, and nobody has said how they make way. */
    @Test
    void constraintThatIsLookedAtInTheEnd_letsExchangedNamesArriveTogether() throws Exception {
        Variant withoutAWord = new Variant(people -> people, tasks -> tasks, false, 50);
        try (StaffDatabases staff = new StaffDatabases(new PostgresServer(), withoutAWord)) {
            staff.targetDatabase.execute(
                    "alter table person drop constraint person_name",
                    "alter table person add constraint person_name unique (name) deferrable initially deferred");
            staff.replaceAll(people(person(1, "a"), person(2, "b"), person(3, "c")), NO_TASKS);
            staff.settle(ROUNDS);
            staff.replaceAll(people(person(1, "b"), person(2, "c"), person(3, "a")), NO_TASKS);
            staff.settle(ROUNDS);
            assertEqualAndNothingParked(staff);
        }
    }

    /** The key that a group was begun for cannot be copied, those of the other table can; and their session is left as it was found. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void groupThatGoesWithoutTheKeyThatBeganIt_leavesNoMarkOnItsSession(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server)) {
            staff.replaceAll(people(person(1, "a")), tasks(new Task(10, 1, "t"), new Task(11, 1, "u")));
            staff.settle(ROUNDS);
            staff.targetDatabase.execute("insert into person (id, name) values (99, 'stray')");
            staff.replaceAll(people(person(1, "stray")), tasks(new Task(10, 1, "u"), new Task(11, 1, "t")));
            staff.idle();
            staff.turnTime();
            staff.people.repair();
            assertThat(staff.tasks(Side.TARGET)).isEqualTo(staff.tasks(Side.LEGACY));
            assertThat(staff.people.debt().keys()).isEqualTo(1);
            assertThat(staff.copyMarks()).containsOnlyNulls();
        }
    }

    /** A broken variant: a refusal because of another row is a failure as any other, and nothing is copied together. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void withoutGroups_exchangedNamesAreParkedForEver(TestServer server) throws Exception {
        Variant without = new Variant(ConstraintsIT::tellingNoConflict, tasks -> tasks, true, 3);
        try (StaffDatabases staff = new StaffDatabases(server, without)) {
            staff.replaceAll(people(person(1, "a"), person(2, "b")), NO_TASKS);
            staff.settle(ROUNDS);
            staff.replaceAll(people(person(1, "b"), person(2, "a")), NO_TASKS);
            staff.settle(10);
            assertThat(staff.people.parked(10)).hasSize(2);
            staff.people.retryParked(10);
            staff.settle(10);
            assertThat(staff.people.parked(10)).as("for ever").hasSize(2);
            assertThat(staff.people(Side.TARGET)).isNotEqualTo(staff.people(Side.LEGACY));
        }
    }

    @SuppressWarnings("unchecked")
    private static <V> Records<Long, V> tellingNoConflict(Records<Long, V> real) {
        return (Records<Long, V>) altered(
                BookedRecords.class,
                real,
                (method, answer) -> method.equals("books")
                        ? altered(SideBooks.class, answer, (called, told) -> called.equals("isConflict") ? false : told)
                        : answer);
    }

    private interface Answers {
        @Nullable Object of(String method, @Nullable Object answer);
    }

    private static <T> T altered(Class<T> type, Object real, Answers answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return answers.of(method.getName(), method.invoke(real, arguments));
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    /** What is exchanged again and again: names round three people, titles between two tasks, and who refers to whom. */
    private static void exchange(StaffDatabases staff, int time) throws Exception {
        if (time % 2 == 0) {
            staff.replaceAll(
                    people(new Person(1, "a", 2L, 10L), person(2, "b"), person(3, "c")),
                    tasks(new Task(10, 1, "t"), new Task(11, 2, "u")));
        } else {
            staff.replaceAll(
                    people(new Person(1, "b", 3L, 11L), person(2, "c"), person(3, "a")),
                    tasks(new Task(10, 2, "u"), new Task(11, 1, "t")));
        }
        staff.idle();
    }

    /** Every row that is written is once the one before which the session of the target is killed. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void groupWhoseSessionIsKilledAtAnyRow_arrivesAllTheSame(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server)) {
            exchange(staff, 0);
            staff.settle(ROUNDS);
            boolean isKilled = true;
            int row = 0;
            while (isKilled) {
                row++;
                exchange(staff, row);
                isKilled = settleKillingAt(staff, row);
                assertEqualAndNothingParked(staff);
            }
            assertThat(row).as("those of a group among them").isGreaterThan(10);
        }
    }

    private static boolean settleKillingAt(StaffDatabases staff, int row) {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean isKilled = new AtomicBoolean();
        staff.beforeTarget = connection -> {
            if (written.incrementAndGet() == row) {
                isKilled.set(true);
                staff.kill(connection);
            }
        };
        staff.settle(ROUNDS + 1);
        staff.beforeTarget = connection -> {};
        return isKilled.get();
    }

    /** Between any two steps, those between the commit of a group and the striking out of its debts among them. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void groupThatIsRefusedAConnectionOfEitherSide_arrivesAllTheSame(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server)) {
            exchange(staff, 0);
            staff.settle(ROUNDS);
            boolean isRefused = true;
            int time = 0;
            while (isRefused) {
                time++;
                exchange(staff, time);
                staff.connections.refuse(4 * time);
                staff.settle(ROUNDS + 1);
                isRefused = staff.connections.hasRefused();
                assertEqualAndNothingParked(staff);
            }
            assertThat(4 * time).as("those of a group among them").isGreaterThan(40);
        }
    }

    /** Whatever legacy's transactions make of a few rows while the workers copy, and wherever the target's sessions end. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void rowsThatAreExchangedAllTheTime_areEqualInTheEnd(TestServer server) throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (StaffDatabases staff = new StaffDatabases(server)) {
            AtomicInteger written = new AtomicInteger();
            staff.beforeTarget = connection -> {
                if (written.incrementAndGet() % 41 == 0) {
                    staff.kill(connection);
                }
            };
            AtomicBoolean isOver = new AtomicBoolean();
            List<Thread> workers =
                    List.of(new Thread(() -> workUntil(isOver, staff)), new Thread(() -> workUntil(isOver, staff)));
            workers.forEach(Thread::start);
            for (int i = 0; i < 60; i++) {
                Map<Long, Person> shuffled = shuffled(random);
                staff.replaceAll(shuffled, tasksOf(shuffled, random));
            }
            isOver.set(true);
            for (Thread worker : workers) {
                worker.join();
            }
            staff.beforeTarget = connection -> {};
            staff.settle(12);
            assertThat(staff.events(ShadowWriteFailed.class)).isNotEmpty();
            assertThat(staff.people(Side.TARGET)).as("seed %d", seed).isEqualTo(staff.people(Side.LEGACY));
            assertEqualAndNothingParked(staff);
        }
    }

    /** Two of these claim the same keys, because the time turns faster than their claims end. */
    private static void workUntil(AtomicBoolean isOver, StaffDatabases staff) {
        while (!isOver.get()) {
            staff.work(1);
        }
    }

    private static Map<Long, Person> shuffled(Random random) {
        List<String> names = new ArrayList<>(List.of("a", "b", "c", "d", "e", "f"));
        Collections.shuffle(names, random);
        Map<Long, Person> people = new TreeMap<>();
        for (long id = 0; id < names.size(); id++) {
            if (random.nextInt(5) > 0) {
                people.put(id, person(id, names.get((int) id)));
            }
        }
        List<Long> ids = List.copyOf(people.keySet());
        people.replaceAll((id, person) -> random.nextBoolean()
                ? person
                : new Person(id, person.name(), ids.get(random.nextInt(ids.size())), null));
        return people;
    }

    private static Map<Long, Task> tasksOf(Map<Long, Person> people, Random random) {
        List<Long> ids = List.copyOf(people.keySet());
        List<String> titles = new ArrayList<>(List.of("t", "u", "v"));
        Collections.shuffle(titles, random);
        Map<Long, Task> tasks = new TreeMap<>();
        for (long id = 10; id < 13 && !ids.isEmpty(); id++) {
            tasks.put(id, new Task(id, ids.get(random.nextInt(ids.size())), titles.get((int) id - 10)));
        }
        return tasks;
    }
}
