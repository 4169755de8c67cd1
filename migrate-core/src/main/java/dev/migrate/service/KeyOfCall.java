package dev.migrate.service;

import dev.migrate.MigrationException;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a method's arguments hold its key.
 *
 * @param index of the parameter
 * @param property the method that gives the key; null where the parameter is the key
 * @param type the key's, boxed
 */
record KeyOfCall(String method, int index, @Nullable Method property, Class<?> type) {
    /** The marked parameter of a method, if any; refuses several, and properties that are not there. */
    static Optional<KeyOfCall> of(Method method) {
        KeyOfCall found = null;
        Parameter[] parameters = method.getParameters();
        for (int i = 0; i < parameters.length; i++) {
            MigrationKey mark = parameters[i].getAnnotation(MigrationKey.class);
            if (mark != null && found != null) {
                throw RoutedMethod.refused(
                        method, "must have one @MigrationKey, but has several; put the parts into one parameter");
            }
            if (mark != null) {
                found = marked(method, i, mark.value());
            }
        }
        return Optional.ofNullable(found);
    }

    private static KeyOfCall marked(Method method, int index, String property) {
        Class<?> holder = method.getParameterTypes()[index];
        if (property.isEmpty()) {
            return new KeyOfCall(RoutedMethod.describe(method), index, null, boxed(holder));
        }
        Method getter = getter(holder, property);
        if (getter == null) {
            throw RoutedMethod.refused(
                    method,
                    "has @MigrationKey(\"" + property + "\") on a " + holder.getName() + ", which has neither "
                            + property + "() nor " + getterName(property) + "(); name a public property");
        }
        getter.trySetAccessible();
        return new KeyOfCall(RoutedMethod.describe(method), index, getter, boxed(getter.getReturnType()));
    }

    private static @Nullable Method getter(Class<?> holder, String property) {
        return Stream.of(property, getterName(property))
                .flatMap(name -> Arrays.stream(holder.getMethods())
                        .filter(method -> method.getName().equals(name)))
                .filter(method -> method.getParameterCount() == 0 && !method.isBridge())
                .filter(method -> method.getReturnType() != void.class)
                .findFirst()
                .orElse(null);
    }

    private static String getterName(String property) {
        return "get" + property.substring(0, 1).toUpperCase(Locale.ROOT) + property.substring(1);
    }

    private static Class<?> boxed(Class<?> type) {
        return MethodType.methodType(type).wrap().returnType();
    }

    /** The key of a call. */
    Object in(@Nullable Object[] arguments) {
        Object holder = arguments[index];
        Object key = holder == null || property == null ? holder : read(property, holder);
        if (key == null) {
            throw new MigrationException("the @MigrationKey of " + method
                    + " must not be null; a new record must have its key before the call");
        }
        return key;
    }

    private Object read(Method getter, Object holder) {
        try {
            return getter.invoke(holder);
        } catch (InvocationTargetException thrown) {
            throw new MigrationException("the @MigrationKey of " + method + " could not be read", thrown.getCause());
        } catch (IllegalAccessException closed) {
            throw new MigrationException(
                    "the @MigrationKey of " + method + " cannot be read by " + getter
                            + "; make it public, and open its package to dev.migrate.core",
                    closed);
        }
    }
}
