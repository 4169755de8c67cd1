package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.Debt;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.Intent;
import dev.migrate.side.Intents;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The contract of intents is run against implementations with one defect each, and must find it. */
class IntentsContractCatchesTest {
    private static List<String> failedTestsOf(Class<?> testClass) {
        return ContractsCatchTest.failedTestsOf(testClass);
    }

    @Test
    void intentsThatAreAcknowledgedAlthoughTheyWereSettled() {
        assertThat(failedTestsOf(AcknowledgesSettled.class))
                .contains(
                        "settled_isOwed_andCannotBeAcknowledgedAnyMore",
                        "acknowledgedOnce_cannotBeAgain",
                        "ofThoseWhoEndAnIntentAtOnce_oneSucceeds");
    }

    static class AcknowledgesSettled extends BrokenIntents {
        @Override
        public boolean acknowledge(Intent intent) {
            super.acknowledge(intent);
            return true;
        }
    }

    @Test
    void intentsThatAreSettledBeforeTheirTime() {
        assertThat(failedTestsOf(SettlesEarly.class)).contains("settle_leavesWhatMayStillBeRunning");
    }

    static class SettlesEarly extends BrokenIntents {
        @Override
        public int settleOverdue(Instant now, int limit) {
            return super.settleOverdue(Instant.MAX, limit);
        }
    }

    @Test
    void intentsThatAreSettledButNotClaimed() {
        assertThat(failedTestsOf(SettlesWithoutClaiming.class))
                .contains("settled_isOwed_andCannotBeAcknowledgedAnyMore", "overdueWritesOfOneKey_areSettledTogether");
    }

    /** It owes, and leaves the intent to whoever acknowledges it. */
    static class SettlesWithoutClaiming extends BrokenIntents {
        private final Map<Version, Intent> begun = new ConcurrentHashMap<>();

        @Override
        public Intent begin(SideBooks.Key key, Instant deadline, String owner) {
            Intent intent = super.begin(key, deadline, owner);
            begun.put(intent.version(), intent);
            return intent;
        }

        @Override
        public int settleOverdue(Instant now, int limit) {
            List<SideBooks.Key> overdue = begun.values().stream()
                    .filter(intent -> !intent.deadline().isAfter(now))
                    .map(intent -> new SideBooks.Key(intent.key(), intent.segment()))
                    .toList();
            books.owe(overdue, now);
            return overdue.size();
        }
    }

    @Test
    void intentsThatAreNotCounted() {
        assertThat(failedTestsOf(CountsNone.class))
                .contains("begun_isDebtButNotOwed_andNobodysWork", "aWriteThatEnds_isSeenByADrain_atEveryMoment");
    }

    static class CountsNone extends BrokenIntents {
        @Override
        public Debt debt(SegmentRange range) {
            return Debt.NONE;
        }
    }

    @Test
    void intentsThatAreNotRefusedWhereTheSideIsFenced() {
        assertThat(failedTestsOf(NeverRefuses.class))
                .contains(
                        "begin_whereTheSideIsNotTheAuthority_isRefusedAndLeavesNothing",
                        "begin_looksAtTheSegmentsOwnRole");
    }

    static class NeverRefuses extends BrokenIntents {
        @Override
        public Intent begin(SideBooks.Key key, Instant deadline, String owner) {
            try {
                return super.begin(key, deadline, owner);
            } catch (RefusedWriteException refused) {
                return new Intent(key.text(), key.segment(), new Version(1, 1), deadline, owner);
            }
        }
    }

    /** Intents of which a test changes one rule; the books show them in place of their own. */
    private abstract static class BrokenIntents extends SideIntentsContract implements Intents {
        SideBooks books;

        @Override
        protected SideBooks emptyBooks(InstantSource time) {
            books = new InMemorySideBooks(time);
            return (SideBooks) Proxy.newProxyInstance(
                    SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("intents")) {
                            return this;
                        }
                        if (method.getName().equals("debt")) {
                            SegmentRange range = arguments == null ? SegmentRange.ALL : (SegmentRange) arguments[0];
                            Debt begun = debt(range);
                            Debt all = books.debt(range);
                            return new Debt(
                                    all.keys(),
                                    all.parked(),
                                    all.dismissed(),
                                    begun.intents(),
                                    all.oldest(),
                                    all.oldestTried());
                        }
                        try {
                            return method.invoke(books, arguments);
                        } catch (InvocationTargetException thrown) {
                            throw thrown.getCause();
                        }
                    });
        }

        @Override
        public Intent begin(SideBooks.Key key, Instant deadline, String owner) {
            return books.intents().begin(key, deadline, owner);
        }

        @Override
        public boolean acknowledge(Intent intent) {
            return books.intents().acknowledge(intent);
        }

        @Override
        public int settleOverdue(Instant now, int limit) {
            return books.intents().settleOverdue(now, limit);
        }

        @Override
        public boolean isBegun(String key) {
            return books.intents().isBegun(key);
        }

        @Override
        public Debt debt(SegmentRange range) {
            return books.intents().debt(range);
        }
    }
}
