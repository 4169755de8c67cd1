package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Migration;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.table.Mapping;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PagesAheadTest {
    private static final int PAGE_ROWS = 100;
    private final Migration migration = Migration.named("notes")
            .store(new InMemoryMigrationStore(InstantSource.system()))
            .build();
    private final MapTable legacy = MapTable.of(1_000);
    private final MapTable target = MapTable.of(1_000);

    @AfterEach
    void close() {
        migration.close();
    }

    private FullPass pass() throws Exception {
        Comparing comparing =
                new Comparing(migration, legacy, target, Mapping.byName().bind(legacy.shape(), target.shape()));
        FullPass pass = new FullPass(comparing, PAGE_ROWS, 1_000, (compared, cleared) -> {});
        pass.run(false);
        return pass;
    }

    @Test
    void legacysNextPage_isReadWhileAPageIsCompared() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        legacy.scanning = range -> {
            if (range.after() != null) {
                second.countDown();
            }
        };
        target.scanning = range -> {
            if (range.after() == null) {
                assertThat(second.await(30, TimeUnit.SECONDS)).isTrue();
            }
        };
        assertThat(pass().compared()).isEqualTo(1_000);
    }

    /** Legacy first, and the target after it: what is written between is owed, and comes after. */
    @Test
    void noPageOfTheTarget_isReadBeforeLegacys() throws Exception {
        Set<String> inLegacy = ConcurrentHashMap.newKeySet();
        AtomicInteger inTarget = new AtomicInteger();
        legacy.scanning = range -> inLegacy.add(range.toString());
        target.scanning = range -> {
            assertThat(inLegacy).contains(range.toString());
            inTarget.incrementAndGet();
        };
        pass();
        assertThat(inTarget).hasValue(10);
    }

    @Test
    void tableOfOnePage_isReadByTheCallerAlone() throws Exception {
        legacy.rows.tailMap((long) PAGE_ROWS, false).clear();
        target.rows.tailMap((long) PAGE_ROWS, false).clear();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        legacy.scanning = range -> threads.add(Thread.currentThread());
        assertThat(pass().compared()).isEqualTo(PAGE_ROWS);
        assertThat(threads).containsExactly(Thread.currentThread());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failureOfEitherSide_isThrownAsItIs_andTheThreadHasEnded(boolean inLegacy) throws Exception {
        SQLException failure = new SQLException("gone", "08006");
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger scans = new AtomicInteger();
        legacy.scanning = range -> threads.add(Thread.currentThread());
        MapTable failing = inLegacy ? legacy : target;
        failing.scanning = range -> {
            threads.add(Thread.currentThread());
            if (scans.incrementAndGet() == 3) {
                throw failure;
            }
        };
        assertThatThrownBy(this::pass).isSameAs(failure);
        threads.remove(Thread.currentThread());
        assertThat(threads).isNotEmpty();
        for (Thread thread : threads) {
            thread.join(30_000);
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
