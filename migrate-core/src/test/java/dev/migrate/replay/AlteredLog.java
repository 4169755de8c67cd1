package dev.migrate.replay;

import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** A log, or its books, of which a test changes one method. */
final class AlteredLog {
    /** What is done in the place of a method, which it may call. */
    @FunctionalInterface
    interface InPlaceOf {
        Object call(Real real, Object[] arguments) throws Throwable;
    }

    /** The method itself. */
    @FunctionalInterface
    interface Real {
        Object call() throws Throwable;
    }

    private AlteredLog() {}

    static EventLog of(EventLog real, String method, InPlaceOf instead) {
        return proxy(EventLog.class, real, method, instead);
    }

    static EventLog withBooks(EventLog real, String method, InPlaceOf instead) {
        SideBooks books = proxy(SideBooks.class, real.books(), method, instead);
        return of(real, "books", (itself, arguments) -> books);
    }

    private static <T> T proxy(Class<T> type, T real, String method, InPlaceOf instead) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, called, arguments) -> called.getName().equals(method)
                        ? instead.call(() -> invoke(real, called, arguments), arguments)
                        : invoke(real, called, arguments)));
    }

    private static Object invoke(Object real, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
