package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.load.Latency;
import dev.migrate.examples.users.sample.People;
import dev.migrate.jdbc.JdbcMigrationStore;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.reconcile.Reconciliation;
import dev.migrate.reconcile.ReconciliationReport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever an endpoint changes on the side it runs on, triggers and cascades included, arrives on the other. */
class RoutedUserServiceIT {

    private static final People PEOPLE = new People(3);
    private static final long ID = 42;

    @ParameterizedTest
    @EnumSource(names = {"DUAL_WRITE", "LIVE"})
    void everyChangeOfEveryEndpoint_arrivesOnTheOtherSide(Stage stage) throws Exception {
        JoiningDataSource legacy = new JoiningDataSource(TestDatabases.with(Schema.LEGACY));
        JoiningDataSource target = new JoiningDataSource(TestDatabases.with(Schema.TARGET));
        try (Migration migration = Migration.named("users")
                        .store(new JdbcMigrationStore(legacy))
                        .build();
                Routers routers = new Routers(migration, legacy, target)) {
            while (migration.current().compareTo(Position.of(stage)) < 0) {
                migration.moveTo(migration.current().stage().next().orElseThrow(), "test");
            }
            UserService service = new RoutedUserService(routers, new Latency(), new Latency());

            service.createUser(ID, PEOPLE.newUser(ID, 1));
            assertSame(routers);
            service.verifyEmail(ID);
            assertSame(routers);
            service.putProfile(ID, PEOPLE.profile(ID, 1));
            assertSame(routers);
            service.login(ID, PEOPLE.login(ID, 1));
            assertSame(routers);
            service.login(ID, PEOPLE.login(ID, 2));
            assertSame(routers);
            service.updateUser(ID, PEOPLE.change(ID, 2));
            assertSame(routers);
            service.logout(ID, PEOPLE.login(ID, 1).sessionId());
            assertSame(routers);
            service.deleteUser(ID);
            assertSame(routers);
        }
    }

    private static void assertSame(Routers routers) throws Exception {
        await().until(() -> routers.owed() == 0);
        for (Reconciliation reconciliation : routers.reconciliations()) {
            assertThat(reconciliation.run()).matches(ReconciliationReport::isClean);
        }
    }
}
