package dev.migrate.test.schedule;

import dev.migrate.side.Intents;
import dev.migrate.side.OwedKeys;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Chunks;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls of one object of an SPI, each of them a turn before it has its effect, and a chance to fail before or after it.
 *
 * <p>A transaction is a turn before it begins, before it commits, and after it has committed.
 */
final class SpiCalls implements InvocationHandler {
    /** Answers that never change, and what concerns the thread alone. */
    private static final Set<String> QUIET = Set.of(
            "isDurable",
            "isInTransaction",
            "afterCommit",
            "seesCommit",
            "refusal",
            "isConflict",
            "intents",
            "owedKeys",
            "unwrap",
            "as",
            "books",
            "chunks",
            "name",
            "records",
            "shape",
            "keyTypes",
            "partition",
            "ordersLike",
            "formatCursor",
            "parseCursor");

    private static final Map<Class<?>, Class<?>[]> INTERFACES = new ConcurrentHashMap<>();
    private final Interleaving run;
    private final String name;
    private final Object inner;

    private SpiCalls(Interleaving run, String name, Object inner) {
        this.run = run;
        this.name = name;
        this.inner = inner;
    }

    static Object around(Interleaving run, String name, Object inner) {
        return Proxy.newProxyInstance(
                SpiCalls.class.getClassLoader(),
                INTERFACES.computeIfAbsent(inner.getClass(), SpiCalls::interfacesOf),
                new SpiCalls(run, name, inner));
    }

    private static Class<?>[] interfacesOf(Class<?> type) {
        Set<Class<?>> found = new LinkedHashSet<>();
        for (@Nullable Class<?> each = type; each != null; each = each.getSuperclass()) {
            found.addAll(Arrays.asList(each.getInterfaces()));
        }
        return found.toArray(Class<?>[]::new);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) throws Throwable {
        @Nullable Object[] arguments = given == null ? new @Nullable Object[0] : given;
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(proxy, method, arguments);
        }
        if (run.acting() == null || QUIET.contains(method.getName())) {
            return arranged(call(method, arguments));
        }
        return method.getName().equals("inTransaction")
                ? inTransaction((SideBooks) inner, (SideBooks.Work<?>) Objects.requireNonNull(arguments[0]))
                : inTurn(method, arguments);
    }

    @SuppressWarnings("ReferenceEquality") // identity is what it is about
    private Object ofObject(Object proxy, Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> name;
        };
    }

    /** What a side gives out of itself is called in turns too. */
    private @Nullable Object arranged(@Nullable Object answer) {
        if (answer instanceof SideBooks && !isArranged(answer)) {
            return around(run, name, answer);
        }
        if (answer instanceof Intents && !isArranged(answer)) {
            return around(run, name + ".intents", answer);
        }
        if (answer instanceof OwedKeys && !isArranged(answer)) {
            return around(run, name + ".owedKeys", answer);
        }
        return answer instanceof Chunks && !isArranged(answer) ? around(run, name + ".chunks", answer) : answer;
    }

    private static boolean isArranged(Object answer) {
        return Proxy.isProxyClass(answer.getClass()) && Proxy.getInvocationHandler(answer) instanceof SpiCalls;
    }

    private @Nullable Object inTurn(Method method, @Nullable Object[] arguments) throws Throwable {
        String call = name + "." + method.getName();
        run.turn();
        Disturbances.Fault fault = run.faultOf(call);
        if (fault == Disturbances.Fault.FAILURE) {
            run.note(() -> Trace.call(call, arguments) + " fails");
            throw new ScheduledFailureException(call, false);
        }
        Object answer;
        try {
            answer = call(method, arguments);
        } catch (Interleaving.Crash crash) {
            throw crash;
        } catch (Throwable thrown) {
            run.note(() -> Trace.call(call, arguments) + " throws " + thrown);
            throw thrown;
        }
        run.observe(call);
        if (fault == Disturbances.Fault.LOST) {
            run.note(() -> Trace.call(call, arguments) + " -> " + Trace.value(answer) + ", which is lost");
            throw new ScheduledFailureException(call, true);
        }
        run.note(() -> Trace.call(call, arguments) + " -> " + Trace.value(answer));
        if (method.getName().equals("copy")) {
            run.committed();
        }
        run.turnAfterCall();
        return answer;
    }

    private @Nullable Object inTransaction(SideBooks books, SideBooks.Work<?> work) throws Exception {
        if (books.isInTransaction()) {
            return books.inTransaction(work);
        }
        run.turn();
        if (run.faultOf(name + ".begin") == Disturbances.Fault.FAILURE) {
            run.note(() -> name + " cannot begin a transaction");
            throw new ScheduledFailureException(name + ".begin", false);
        }
        run.note(() -> name + " begins a transaction");
        Disturbances.Fault fault;
        Object answer;
        try {
            answer = books.<@Nullable Object>inTransaction(() -> {
                Object result = work.run();
                run.turnBeforeCommit();
                if (run.faultOf(name + ".commit") == Disturbances.Fault.FAILURE) {
                    throw new ScheduledFailureException(name + ".commit", false);
                }
                return result;
            });
            fault = run.faultOf(name + ".committed");
        } catch (Interleaving.Crash crash) {
            throw crash;
        } catch (Exception | Error thrown) {
            run.note(() -> name + " rolls back, because of " + thrown);
            throw thrown;
        }
        run.note(() -> name + " has committed" + (fault == Disturbances.Fault.NONE ? "" : ", but nobody hears of it"));
        run.committed();
        if (fault != Disturbances.Fault.NONE) {
            throw new ScheduledFailureException(name + ".commit", true);
        }
        run.turnAfterCall();
        return answer;
    }

    private @Nullable Object call(Method method, @Nullable Object[] arguments) throws Throwable {
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
