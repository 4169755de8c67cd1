package dev.migrate.test.schedule;

import dev.migrate.MigrationStore;
import dev.migrate.Side;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The database of the store: what is in it outlives every node, and it keeps the books of sides that keep none. */
final class ScheduledStore {
    private final InMemoryMigrationStore settings;
    private final InstantSource time;
    private final Between between;
    private final Map<Side, SideBooks> books = new EnumMap<>(Side.class);

    ScheduledStore(InstantSource time, Between between) {
        this.time = time;
        this.between = between;
        this.settings = new InMemoryMigrationStore(time);
    }

    InMemoryMigrationStore settings() {
        return settings;
    }

    MigrationStore asDurable() {
        List<Class<?>> interfaces = new ArrayList<>(Arrays.asList(InMemoryMigrationStore.class.getInterfaces()));
        interfaces.add(BookKeeper.class);
        return (MigrationStore) Proxy.newProxyInstance(
                ScheduledStore.class.getClassLoader(), interfaces.toArray(Class<?>[]::new), this::call);
    }

    /** The books that are kept here for a side. */
    SideBooks books(Side side) {
        return Objects.requireNonNull(
                books.computeIfAbsent(side, unused -> between.books(side, durable(new InMemorySideBooks(time)))));
    }

    private @Nullable Object call(Object proxy, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        return switch (method.getName()) {
            case "isDurable" -> true;
            case "books" -> books((Side) Objects.requireNonNull(Objects.requireNonNull(arguments)[2]));
            default -> invoke(settings, method, arguments);
        };
    }

    private static SideBooks durable(SideBooks inner) {
        return (SideBooks) Proxy.newProxyInstance(
                ScheduledStore.class.getClassLoader(),
                new Class<?>[] {SideBooks.class},
                (proxy, method, arguments) ->
                        method.getName().equals("isDurable") ? (Object) true : invoke(inner, method, arguments));
    }

    private static @Nullable Object invoke(Object inner, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(inner, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
