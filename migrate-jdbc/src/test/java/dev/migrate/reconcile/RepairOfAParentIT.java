package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.jdbc.TablePair;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.TestServer;
import dev.migrate.reconcile.RepairReport.Outcome;
import dev.migrate.table.Mapping;
import dev.migrate.table.TableSide;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A repair that deletes a parent, while the parent is written again and gets children. */
class RepairOfAParentIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();

    @ParameterizedTest
    @FieldSource("SERVERS")
    void childThatArrivedMeanwhile_isNotTakenAlongByTheShadowsCascade(TestServer server) throws Exception {
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
            TableSide target = beforeItIsLocked(pair.target("users"), () -> {
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
            assertThat(report.count(Outcome.CHANGED)).isEqualTo(1);
            assertThat(pair.query(Side.TARGET, "select id, owner from orders")).containsExactly("10|1");
            pair.drain(Side.LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
            assertThat(pair.query(Side.TARGET, "select id, name from users")).containsExactly("1|again");
        }
    }

    private interface Hook {
        void call() throws Exception;
    }

    private static TableSide beforeItIsLocked(TableSide real, Hook hook) {
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("lock")) {
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
}
