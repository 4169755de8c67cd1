package dev.migrate.test;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Invocations of an interface's methods that are made by a script; a proxy is equal to itself alone. */
record FaultyInvocations(FaultyRecords.Caller caller, Object inner) implements InvocationHandler {
    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given) throws Exception {
        @Nullable Object[] arguments = given == null ? new @Nullable Object[0] : given;
        return method.getDeclaringClass() == Object.class
                ? invokeOfObject(proxy, method, arguments)
                : caller.<@Nullable Object>call(method.getName(), () -> invokeInner(method, arguments));
    }

    @SuppressWarnings("ReferenceEquality") // identity is what it is about
    private Object invokeOfObject(Object proxy, Method method, @Nullable Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "FaultScript around " + inner;
        };
    }

    private @Nullable Object invokeInner(Method method, @Nullable Object[] arguments) throws Exception {
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof Error error) {
                throw error;
            }
            throw thrown.getCause() instanceof Exception exception ? exception : thrown;
        }
    }
}
