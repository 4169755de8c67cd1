package dev.migrate.test;

import static dev.migrate.test.ContractsCatchTest.failedTestsOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.replay.EventLog;
import dev.migrate.replay.InMemoryEventLog;
import dev.migrate.replay.LoggedEvent;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract is run against logs with one defect each, and must find it. */
class EventLogContractCatchesTest {
    /** Changes what one method does. */
    private interface Defect {
        Object of(EventLog real, Object[] arguments, Object result) throws Exception;
    }

    private static EventLog with(InstantSource time, String method, Defect defect) {
        EventLog real = new InMemoryEventLog(time);
        return (EventLog) Proxy.newProxyInstance(
                EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, called, arguments) -> {
                    Object result = invoke(real, called, arguments);
                    return called.getName().equals(method) ? defect.of(real, arguments, result) : result;
                });
    }

    private static Object invoke(EventLog real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    @Test
    void logThatOrdersByTheClock() {
        assertThat(failedTestsOf(ByClock.class))
                .contains(
                        "openEvents_areInTheOrderInWhichTheyWereLogged_whateverTheTimesSay",
                        "transactionsOfOneAggregate_areInTheOrderInWhichTheyCommit");
    }

    static class ByClock extends EventLogContract {
        @Override
        @SuppressWarnings("unchecked")
        protected EventLog emptyLog(InstantSource time) {
            return with(
                    time,
                    "open",
                    (real, arguments, result) -> ((List<LoggedEvent>) result)
                            .stream()
                                    .sorted(Comparator.comparing(LoggedEvent::occurredAt))
                                    .toList());
        }
    }

    /** An arrival that was on its way while the event was taken up again would let it pass for delivered. */
    @Test
    void logThatTakesAnOldArrivalForANewOne() {
        assertThat(failedTestsOf(TakesOldArrivals.class))
                .contains("eventThatWasOpenedAgain_isDueUnderItsNewVersion_andAnOldArrivalDoesNotCount");
    }

    static class TakesOldArrivals extends EventLogContract {
        @Override
        protected EventLog emptyLog(InstantSource time) {
            return with(time, "process", (real, arguments, result) -> {
                LoggedEvent event =
                        real.find(((LoggedEvent) arguments[0]).operationId()).orElseThrow();
                return (boolean) result || real.process(event, (java.time.Instant) arguments[1]);
            });
        }
    }
}
