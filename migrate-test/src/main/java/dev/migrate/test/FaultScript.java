package dev.migrate.test;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.VersionedRecords;
import dev.migrate.side.BookedRecords;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong at which call of a side, and how often it was called.
 *
 * <p>Put around records, around any interface, or around a single call. One script may stand around several things: its calls are
 * counted together, in the order in which they begin. Thread-safe.
 *
 * <pre>{@code
 * FaultScript script = FaultScript.inOrder(Fault.none(), Fault.failure(IOException::new)).onlyIn("write", "delete");
 * Records<Long, Order> target = script.around(targetRecords);      // the second write or delete fails, all others go well
 * LegacyFallback.of(move).target(charge -> script.call(() -> gateway.charge(charge)))   // or a single call
 * }</pre>
 */
public final class FaultScript {
    /** Which fault the n-th call meets, from 0. */
    private interface Plan {
        Fault at(int call);
    }

    private final Plan plan;
    private final Set<String> only;
    private final AtomicInteger calls;

    private FaultScript(Plan plan, Set<String> only, AtomicInteger calls) {
        this.plan = plan;
        this.only = only;
        this.calls = calls;
    }

    private static FaultScript of(Plan plan) {
        return new FaultScript(plan, Set.of(), new AtomicInteger());
    }

    /** The first call meets the first fault, the second the second; when there is none left, calls go well. */
    public static FaultScript inOrder(Fault... faults) {
        List<Fault> all = List.of(faults);
        return of(call -> call < all.size() ? all.get(call) : Fault.none());
    }

    /** Every call meets the same fault. */
    public static FaultScript always(Fault fault) {
        return of(call -> fault);
    }

    /**
     * Each call meets the fault with the same chance, independently of the others.
     *
     * @param percent 0 to 100
     * @param seed decides with the number of the call, so that a failing test can be run again
     */
    public static FaultScript withChance(double percent, long seed, Fault fault) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new MigrationException("percent must be between 0 and 100, but was " + percent);
        }
        return of(call -> chance(seed, call) * 100 < percent ? fault : Fault.none());
    }

    private static double chance(long seed, int call) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + call).nextDouble();
    }

    /**
     * The same script for some operations only; all others go well and are not counted. The count is shared with this script.
     *
     * @param operations names of methods: {@code read}, {@code write}, {@code delete} of records
     */
    public FaultScript onlyIn(String... operations) {
        return new FaultScript(plan, Set.of(operations), calls);
    }

    /** How many calls have begun that met the script, whatever became of them. */
    public int calls() {
        return calls.get();
    }

    /** Makes one call under the script. */
    public <T extends @Nullable Object> T call(Callable<T> call) throws Exception {
        return plan.at(calls.getAndIncrement()).during(call);
    }

    private <T extends @Nullable Object> T call(String operation, Callable<T> call) throws Exception {
        return only.isEmpty() || only.contains(operation) ? call(call) : call.call();
    }

    /** Records whose operations {@code read}, {@code write} and {@code delete} meet the script; they stay of the kind that they are. */
    public <K, V> Records<K, V> around(Records<K, V> records) {
        if (records instanceof BookedRecords<K, V> booked) {
            return around(booked);
        }
        if (records instanceof VersionedRecords<K, V> versioned) {
            return around(versioned);
        }
        return new FaultyRecords<>(this::call, records);
    }

    /** Records that keep their own books, whose operations meet the script; the books do not. */
    public <K, V> BookedRecords<K, V> around(BookedRecords<K, V> records) {
        return new FaultyBookedRecords<>(this::call, records);
    }

    /** Versioned records whose operations meet the script, with a version and without. */
    public <K, V> VersionedRecords<K, V> around(VersionedRecords<K, V> records) {
        return new FaultyVersionedRecords<>(this::call, records);
    }

    /**
     * An object whose interface methods meet the script, except those of {@link Object}; what it throws is thrown as it is.
     *
     * @param type an interface
     */
    public <T> T around(Class<T> type, T inner) {
        if (!type.isInterface()) {
            throw new MigrationException("type must be an interface, but was " + type.getName()
                    + "; put single calls under the script with call(..)");
        }
        Object proxy = Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, new FaultyInvocations(this::call, inner));
        return type.cast(proxy);
    }
}
