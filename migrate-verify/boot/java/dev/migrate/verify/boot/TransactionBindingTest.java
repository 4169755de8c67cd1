package dev.migrate.verify.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.RefusedWriteException;
import dev.migrate.Stage;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.jdbc.JdbcRecords;
import dev.migrate.jdbc.TransactionBinding;
import dev.migrate.spring.SpringTransactionBinding;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Sides of a migration in Spring's transactions. */
class TransactionBindingTest {
    record Order(long id, String item) {}

    static Records<Long, Order> table(JdbcTemplate db) {
        db.execute("create table orders (id bigint primary key, item varchar(100))");
        return Records.of(
                id -> db
                        .query(
                                "select id, item from orders where id = ?",
                                (row, n) -> new Order(row.getLong(1), row.getString(2)),
                                id)
                        .stream()
                        .findFirst(),
                order -> {
                    db.update("merge into orders key (id) values (?, ?)", order.id(), order.item());
                    return order;
                },
                id -> db.update("delete from orders where id = ?", id));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class Shop {
        @Bean
        DataSource legacyDb() {
            return Contexts.database();
        }

        @Bean
        DataSource targetDb() {
            return Contexts.database();
        }

        @Bean
        PlatformTransactionManager legacyTransactions(@Qualifier("legacyDb") DataSource legacyDb) {
            return new JdbcTransactionManager(legacyDb);
        }

        @Bean
        DualWriteRouter<Long, Order> orderRouter(
                Migration orders,
                @Qualifier("legacyDb") TransactionBinding legacy,
                @Qualifier("targetDb") TransactionBinding target,
                @Qualifier("legacyDb") DataSource legacyDb,
                @Qualifier("targetDb") DataSource targetDb) {
            return DualWriteRouter.of(orders)
                    .legacy(JdbcRecords.joining(legacy, table(new JdbcTemplate(legacyDb))))
                    .target(JdbcRecords.joining(target, table(new JdbcTemplate(targetDb))))
                    .key(Order::id)
                    .repairEvery(Duration.ofHours(1))
                    .build();
        }

        @Bean
        Checkout checkout(DualWriteRouter<Long, Order> router, @Qualifier("legacyDb") DataSource legacyDb) {
            return new Checkout(router, new JdbcTemplate(legacyDb));
        }
    }

    static class Checkout {
        private final DualWriteRouter<Long, Order> router;
        private final JdbcTemplate legacy;

        Checkout(DualWriteRouter<Long, Order> router, JdbcTemplate legacy) {
            this.router = router;
            this.legacy = legacy;
        }

        @Transactional
        public void orderAndThen(long id, Runnable rest) {
            router.write(new Order(id, "book"));
            legacy.update("insert into orders values (?, 'written beside the router')", id + 1);
            rest.run();
        }
    }

    private static void inShop(ContextConsumer<AssertableApplicationContext> test) {
        new ApplicationContextRunner()
                .withUserConfiguration(Contexts.Everything.class, Shop.class)
                .withPropertyValues("migrate.store.data-source=targetDb", "migrate.migrations.orders=")
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(Migration.class).moveTo(Stage.DUAL_WRITE, "test");
                    test.accept(context);
                });
    }

    private static int rows(AssertableApplicationContext context, String dataSource) {
        Integer rows = new JdbcTemplate(context.getBean(dataSource, DataSource.class))
                .queryForObject("select count(*) from orders", Integer.class);
        return rows == null ? -1 : rows;
    }

    @Test
    void aRolledBackTransactionLeavesNeitherRowNorDebt() {
        inShop(context -> {
            assertThatThrownBy(() -> context.getBean(Checkout.class).orderAndThen(1, () -> {
                        throw new IllegalStateException("no stock");
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no stock");
            assertThat(rows(context, "legacyDb")).isZero();
            assertThat(rows(context, "targetDb")).isZero();
            assertThat(router(context).debt().isNone()).isTrue();
        });
    }

    @Test
    void aCommittedTransactionIsCopiedAfterItsCommitAndNotBefore() {
        inShop(context -> {
            List<Integer> copiedDuring = new ArrayList<>();
            context.getBean(Checkout.class).orderAndThen(1, () -> copiedDuring.add(rows(context, "targetDb")));
            assertThat(copiedDuring).containsExactly(0);
            assertThat(rows(context, "legacyDb")).isEqualTo(2);
            router(context).repair();
            assertThat(rows(context, "targetDb")).isEqualTo(1);
            assertThat(router(context).debt().isNone()).isTrue();
        });
    }

    // a transaction of the database that is not authoritative would keep the write from being exact: refused, with the
    // remedy
    @Test
    void aTransactionOfTheOtherDatabaseIsNotJoined() {
        inShop(context -> {
            DataSource targetDb = context.getBean("targetDb", DataSource.class);
            TransactionTemplate other = new TransactionTemplate(new JdbcTransactionManager(targetDb));
            assertThatThrownBy(() ->
                            other.executeWithoutResult(status -> router(context).write(new Order(1, "book"))))
                    .isInstanceOf(MigrationException.class);
            assertThat(rows(context, "legacyDb")).isZero();
        });
    }

    // Spring also binds the connections it hands out during a transaction of another database; they commit by
    // themselves
    @Test
    void aConnectionBoundInAnothersTransactionIsNoTransaction() {
        inShop(context -> {
            SpringTransactionBinding target = binding(context, "targetDb");
            DataSource targetDb = context.getBean("targetDb", DataSource.class);
            legacyTransaction(context).executeWithoutResult(status -> {
                new JdbcTemplate(targetDb).queryForObject("select count(*) from orders", Integer.class);
                assertThat(target.isActive()).isFalse();
                assertThat(binding(context, "legacyDb").isActive()).isTrue();
            });
        });
    }

    @Test
    void aBegunTransactionRollsBackForCheckedExceptionsToo_thrownAsTheyWere() {
        inShop(context -> {
            SpringTransactionBinding legacy = binding(context, "legacyDb");
            JdbcTemplate db = new JdbcTemplate(context.getBean("legacyDb", DataSource.class));
            IOException thrown = new IOException("disk");
            assertThatThrownBy(() -> legacy.execute(() -> {
                        assertThat(legacy.isActive()).isTrue();
                        db.update("insert into orders values (1, 'x')");
                        throw thrown;
                    }))
                    .isSameAs(thrown);
            assertThat(rows(context, "legacyDb")).isZero();
            assertThat(legacy.<Integer>execute(() -> db.update("insert into orders values (2, 'y')")))
                    .isEqualTo(1);
            assertThat(rows(context, "legacyDb")).isEqualTo(1);
        });
    }

    @Test
    void caughtFailuresOfJoinedWorkKeepTheTransactionFromCommitting() {
        inShop(context -> {
            SpringTransactionBinding legacy = binding(context, "legacyDb");
            JdbcTemplate db = new JdbcTemplate(context.getBean("legacyDb", DataSource.class));
            IllegalStateException halfWay = new IllegalStateException("half-way");
            assertThatThrownBy(() -> legacyTransaction(context).executeWithoutResult(status -> {
                        db.update("insert into orders values (1, 'x')");
                        assertThatThrownBy(() -> legacy.execute(() -> {
                                    throw halfWay;
                                }))
                                .isSameAs(halfWay);
                    }))
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("let it pass")
                    .hasCause(halfWay);
            assertThat(rows(context, "legacyDb")).isZero();
        });
    }

    @Test
    void aCaughtRefusalComesBackAsARefusal() {
        inShop(context -> {
            SpringTransactionBinding legacy = binding(context, "legacyDb");
            assertThatThrownBy(() -> legacyTransaction(context)
                            .executeWithoutResult(status -> legacy.doom(new RefusedWriteException("held"))))
                    .isInstanceOf(RefusedWriteException.class)
                    .hasMessageContaining("held");
        });
    }

    @Test
    void actionsRunAfterTheCommit_andAFailingOneIsContained() {
        inShop(context -> {
            SpringTransactionBinding legacy = binding(context, "legacyDb");
            List<String> ran = new ArrayList<>();
            legacyTransaction(context).executeWithoutResult(status -> {
                legacy.afterCommit(() -> {
                    throw new IllegalStateException("contained");
                });
                legacy.afterCommit(() -> ran.add("after"));
                ran.add("inside");
            });
            assertThat(ran).containsExactly("inside", "after");
            legacyTransaction(context).executeWithoutResult(status -> {
                legacy.afterCommit(() -> ran.add("never"));
                status.setRollbackOnly();
            });
            legacy.afterCommit(() -> ran.add("at once"));
            assertThat(ran).containsExactly("inside", "after", "at once");
        });
    }

    @Test
    void aConnectionOfItsOwnIsOutsideOfTheTransaction() {
        inShop(context -> {
            SpringTransactionBinding legacy = binding(context, "legacyDb");
            legacyTransaction(context).executeWithoutResult(status -> {
                new JdbcTemplate(context.getBean("legacyDb", DataSource.class))
                        .update("insert into orders values (1, 'x')");
                assertThat(count(legacy, true)).isZero();
                assertThat(count(legacy, false)).isEqualTo(1);
            });
        });
    }

    private static int count(SpringTransactionBinding binding, boolean outside) {
        try (Connection connection = outside ? binding.newConnection() : binding.getConnection();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from orders")) {
            rows.next();
            return rows.getInt(1);
        } catch (java.sql.SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static TransactionTemplate legacyTransaction(AssertableApplicationContext context) {
        return new TransactionTemplate(context.getBean("legacyTransactions", PlatformTransactionManager.class));
    }

    private static SpringTransactionBinding binding(AssertableApplicationContext context, String dataSource) {
        return context.getBean(dataSource + "TransactionBinding", SpringTransactionBinding.class);
    }

    @SuppressWarnings("unchecked")
    private static DualWriteRouter<Long, Order> router(AssertableApplicationContext context) {
        return context.getBean(DualWriteRouter.class);
    }
}
