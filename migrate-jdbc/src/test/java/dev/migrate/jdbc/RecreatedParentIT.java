package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Side;
import dev.migrate.jdbc.StaffTables.Person;
import dev.migrate.jdbc.StaffTables.Task;
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
                    CompletableFuture.runAsync(() -> write(staff)).get();
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

    private static void write(StaffDatabases staff) {
        try {
            staff.legacyDb.inTransaction(() -> {
                staff.people.write(PARENT);
                return staff.tasks.write(CHILD);
            });
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
