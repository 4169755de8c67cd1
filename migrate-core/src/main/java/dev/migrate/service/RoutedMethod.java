package dev.migrate.service;

import dev.migrate.MigrationException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is done with one method of the interface, found out when the router is made.
 *
 * @param kind how it is routed
 * @param key where its key is; null where it has none
 */
record RoutedMethod(Method method, Kind kind, @Nullable KeyOfCall key) {
    /** How a method is routed. */
    enum Kind {
        READ,
        WRITE,
        /** A default method without a mark, or the compiler's bridge to another: its body runs, and what it calls is routed. */
        BODY
    }

    private static final List<Class<?>> UNFINISHED =
            List.of(Future.class, CompletionStage.class, Flow.Publisher.class, BaseStream.class, Iterator.class);

    /** Decides for a method; empty for those that need no routing, because every object has them. */
    static Optional<RoutedMethod> of(Method method, List<Object> sides) {
        if (Modifier.isStatic(method.getModifiers()) || isOfEveryObject(method)) {
            return Optional.empty();
        }
        boolean reads = method.isAnnotationPresent(Reads.class);
        boolean writes = method.isAnnotationPresent(Writes.class);
        if (method.isDefault() && (method.isBridge() || !(reads || writes))) {
            refuseOverridden(method, sides);
            return Optional.of(new RoutedMethod(method, Kind.BODY, null));
        }
        if (reads == writes) {
            throw refused(
                    method,
                    reads
                            ? "is marked both @Reads and @Writes; choose one"
                            : "is not marked; mark it @Reads or @Writes");
        }
        refuseUnfinished(method);
        method.trySetAccessible();
        Optional<KeyOfCall> key = KeyOfCall.of(method);
        if (writes && key.isEmpty()) {
            throw refused(
                    method,
                    "is marked @Writes and has no @MigrationKey; mark the parameter that is the key, or holds it as a"
                            + " property: a new record must have its key before the call");
        }
        return Optional.of(new RoutedMethod(method, reads ? Kind.READ : Kind.WRITE, key.orElse(null)));
    }

    private static boolean isOfEveryObject(Method method) {
        return Arrays.stream(Object.class.getMethods())
                .anyMatch(every -> every.getName().equals(method.getName())
                        && Arrays.equals(every.getParameterTypes(), method.getParameterTypes()));
    }

    /** An implementation's own version of a default method would silently never run. */
    private static void refuseOverridden(Method method, List<Object> sides) {
        for (Object side : sides) {
            if (!method.isBridge() && declaring(side, method) != method.getDeclaringClass()) {
                throw refused(
                        method,
                        "is a default method that is not marked, but "
                                + side.getClass().getName() + " overrides it; mark it @Reads or @Writes");
            }
        }
    }

    private static Class<?> declaring(Object side, Method method) {
        try {
            return side.getClass()
                    .getMethod(method.getName(), method.getParameterTypes())
                    .getDeclaringClass();
        } catch (NoSuchMethodException impossible) {
            throw new MigrationException(side.getClass().getName() + " does not have " + describe(method), impossible);
        }
    }

    /** What has not happened yet when the method returns can be neither compared nor copied. */
    private static void refuseUnfinished(Method method) {
        for (Class<?> type : UNFINISHED) {
            if (type.isAssignableFrom(method.getReturnType())) {
                throw refused(
                        method,
                        "returns a " + method.getReturnType().getSimpleName()
                                + ", which is not finished when the method returns; let it return the value itself");
            }
        }
    }

    boolean declares(Throwable thrown) {
        return thrown instanceof RuntimeException
                || thrown instanceof Error
                || Arrays.stream(method.getExceptionTypes()).anyMatch(declared -> declared.isInstance(thrown));
    }

    /** Calls the method on an implementation; what that throws comes as it was thrown. Null only where the method returns null. */
    @SuppressWarnings("NullAway")
    Object on(Object implementation, @Nullable Object[] arguments) throws Exception {
        try {
            return method.invoke(implementation, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) thrown.getCause();
        } catch (IllegalAccessException closed) {
            throw new MigrationException(
                    describe(method) + " cannot be called; make its interface public, and open its package to"
                            + " dev.migrate.core",
                    closed);
        }
    }

    static String describe(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    static MigrationException refused(Method method, String reason) {
        return new MigrationException("method " + describe(method) + " " + reason);
    }
}
