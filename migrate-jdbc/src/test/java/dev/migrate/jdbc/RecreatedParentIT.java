package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Side;
import dev.migrate.jdbc.StaffTables.Person;
import dev.migrate.jdbc.StaffTables.Task;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.RepairPolicy;
import dev.migrate.reconcile.RepairReport;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A parent that was deleted, and is there again with children, while the copy of its delete is still under way. */
class RecreatedParentIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final Person PARENT = new Person(1, "a", null, null);
    private static final Task CHILD = new Task(10, 1, "t");

    /** What the foreign key of the shadow would take along is newer than the delete, and is owed by nobody any more. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void childThatArrivedMeanwhile_isNotTakenAlongByTheShadowsCascade(TestServer server) throws Exception {
        try (StaffDatabases staff = new StaffDatabases(server)) {
            for (TestDatabase database : List.of(staff.legacyDatabase, staff.targetDatabase)) {
                database.execute(
                        "alter table task drop constraint task_person",
                        "alter table task add constraint task_person foreign key (person) references person (id)"
                                + " on delete cascade");
            }
            write(staff);
            staff.settle(1);
            staff.beforeTarget = connection -> {
                throw new SQLException("the target is down", "08006");
            };
            staff.legacyDb.inTransaction(() -> {
                staff.people.delete(PARENT.id());
                staff.tasks.touched(List.of(CHILD.id()));
                return true;
            });
            staff.idle();
            AtomicBoolean isFirst = new AtomicBoolean(true);
            staff.beforeTarget = connection -> {
                if (isFirst.getAndSet(false)) {
                    CompletableFuture.runAsync(() -> quietly(() -> write(staff)))
                            .get();
                    await().atMost(Duration.ofSeconds(20))
                            .until(() -> staff.tasks.debt().isNone());
                }
            };
            staff.turnTime();
            staff.people.repair();
            assertThat(isFirst).as("the copy of the delete was under way").isFalse();
            staff.settle(3);
            assertThat(staff.isSettled()).isTrue();
            assertThat(staff.tasks(Side.LEGACY)).isEqualTo(Map.of(CHILD.id(), CHILD));
            assertThat(staff.tasks(Side.TARGET)).isEqualTo(Map.of(CHILD.id(), CHILD));
            assertThat(staff.people(Side.TARGET)).isEqualTo(Map.of(PARENT.id(), PARENT));
        }
    }

    /** A repair deletes as a copy does. */
    @ParameterizedTest
    @FieldSource("SERVERS")
    void childThatArrivedMeanwhile_isNotTakenAlongByARepair(TestServer server) throws Exception {
        try (TablePair pair = new TablePair(server, server)) {
            for (Side side : Side.values()) {
                pair.database(side)
                        .execute(
                                "create table users (id bigint primary key, name varchar(50))",
                                "create table orders (id bigint primary key, owner bigint not null,"
                                        + " foreign key (owner) references users (id) on delete cascade)");
            }
            pair.database(Side.TARGET).execute("insert into users (id, name) values (1, 'extra')");
            pair.dualWrite();
            AtomicBoolean isFirst = new AtomicBoolean(true);
            TableSide target = beforeRemoval(pair.target("users"), () -> {
                if (isFirst.getAndSet(false)) {
                    pair.write(Side.LEGACY, 1L, "insert into users (id, name) values (1, 'again')");
                    pair.database(Side.TARGET).execute("insert into orders (id, owner) values (10, 1)");
                }
            });
            RepairReport report = Reconciliation.of(pair.migration)
                    .legacy(pair.legacy("users"))
                    .target(target)
                    .looks(3, Duration.ofSeconds(1))
                    .pause(pair::advance)
                    .build()
                    .run()
                    .plan(RepairPolicy.AUTHORITATIVE_WINS)
                    .apply("INC-7");
            assertThat(isFirst).as("the repair has deleted").isFalse();
            assertThat(report.count(RepairReport.Outcome.CHANGED)).isEqualTo(1);
            assertThat(pair.query(Side.TARGET, "select id, owner from orders")).containsExactly("10|1");
            pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
            assertThat(pair.query(Side.TARGET, "select id, name from users")).containsExactly("1|again");
        }
    }

    private interface Hook {
        void call() throws Exception;
    }

    private static TableSide beforeRemoval(TableSide real, Hook hook) {
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("remove")) {
                        CompletableFuture.runAsync(() -> quietly(hook)).get();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static void quietly(Hook hook) {
        try {
            hook.call();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void write(StaffDatabases staff) throws Exception {
        staff.legacyDb.inTransaction(() -> {
            staff.people.write(PARENT);
            return staff.tasks.write(CHILD);
        });
    }
}
