package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.reconcile.PassHistory;
import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.reconcile.Review;
import dev.migrate.reconcile.ReviewQueue;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.RepairedRow;
import dev.migrate.side.Repairs;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The contracts of repairs, reviews and passes are run against implementations with one defect each, and must find it. */
class ReconciliationContractsCatchTest {
    private interface Call {
        @Nullable Object to(Object real, Method method, @Nullable Object @Nullable [] arguments) throws Exception;
    }

    private static <T> T altered(Class<T> type, Object real, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.to(real, method, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }

    private static SideBooks books(InstantSource time, Call repairs) {
        SideBooks real = new InMemorySideBooks(time);
        Repairs altered = altered(Repairs.class, real.repairs(), repairs);
        return altered(
                SideBooks.class,
                real,
                (of, method, arguments) -> method.getName().equals("repairs") ? altered : method.invoke(of, arguments));
    }

    private static ReconciliationKeeper keeper(InstantSource time, Call queue, Call passes) {
        InMemoryMigrationStore store = new InMemoryMigrationStore(time);
        return new ReconciliationKeeper() {
            @Override
            public ReviewQueue reviews(String migration, String records) {
                return altered(ReviewQueue.class, store.reviews(migration, records), queue);
            }

            @Override
            public PassHistory passes(String migration, String records) {
                return altered(PassHistory.class, store.passes(migration, records), passes);
            }
        };
    }

    @Test
    void repairsThatAreUndoneTwice() {
        assertThat(ContractsCatchTest.failedTestsOf(UndoneTwice.class))
                .contains("rowIsUndoneOnce_whoeverElseTries", "twoWhoUndoARowAtOnce_haveOneWinner");
    }

    static class UndoneTwice extends RepairsContract {
        @Override
        protected SideBooks emptyBooks(InstantSource time) {
            return books(time, (real, method, arguments) -> {
                Object answer = method.invoke(real, arguments);
                return method.getName().equals("undone") ? true : answer;
            });
        }
    }

    @Test
    void repairsThatForgetHowTheRowWas() {
        assertThat(ContractsCatchTest.failedTestsOf(WithoutImage.class))
                .contains("rowsOfARun_areReadInTheirOrder_pageByPage_asTheyWereKept");
    }

    static class WithoutImage extends RepairsContract {
        @Override
        protected SideBooks emptyBooks(InstantSource time) {
            return books(time, (real, method, arguments) -> {
                if (arguments != null && arguments[0] instanceof RepairedRow row) {
                    return method.invoke(real, without(row));
                }
                return method.invoke(real, arguments);
            });
        }

        private static RepairedRow without(RepairedRow row) {
            return new RepairedRow(
                    row.run(),
                    row.line(),
                    row.key(),
                    row.cursor(),
                    row.at(),
                    row.who(),
                    row.why(),
                    row.undoes(),
                    null,
                    row.after(),
                    row.undoneBy());
        }
    }

    @Test
    void queueWhoseClaimsAreTakenOver() {
        assertThat(ContractsCatchTest.failedTestsOf(TakenOver.class))
                .contains(
                        "claimedReview_isNobodyElses_untilTheLeaseEnds",
                        "severalNodesAtOnce_openOneReview_andOneOfThemClaimsIt");
    }

    static class TakenOver extends ReconciliationKeeperContract {
        @Override
        protected ReconciliationKeeper emptyKeeper(InstantSource time) {
            return keeper(
                    time,
                    (real, method, arguments) -> {
                        if (method.getName().equals("claim") && arguments != null) {
                            ReviewQueue queue = (ReviewQueue) real;
                            String key = (String) arguments[0];
                            queue.find(key).map(Review::claim).ifPresent(claim -> queue.release(key, claim.who()));
                            return queue.claim(key, (String) arguments[1], (Duration) arguments[2]);
                        }
                        return method.invoke(real, arguments);
                    },
                    (real, method, arguments) -> method.invoke(real, arguments));
        }
    }

    @Test
    void historyWhoseFirstCleanPassIsForgotten() {
        assertThat(ContractsCatchTest.failedTestsOf(Forgetful.class))
                .contains("forgottenPasses_leaveTheFirstCleanOne", "passes_areNewestFirst_withWhatWasRepairedSince");
    }

    static class Forgetful extends ReconciliationKeeperContract {
        @Override
        protected ReconciliationKeeper emptyKeeper(InstantSource time) {
            return keeper(
                    time,
                    (real, method, arguments) -> method.invoke(real, arguments),
                    (real, method, arguments) ->
                            method.getName().equals("firstClean") ? Optional.empty() : method.invoke(real, arguments));
        }
    }
}
