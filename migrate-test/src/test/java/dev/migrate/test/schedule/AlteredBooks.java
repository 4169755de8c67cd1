package dev.migrate.test.schedule;

import dev.migrate.side.SideBooks;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;

/** Books that do as the inner ones do, but for what an extending class does otherwise. */
class AlteredBooks implements InvocationHandler {
    /** What concerns several keys is a call for each of them, so that an extending class has one to alter. */
    private static final Set<String> SEVERAL = Set.of("owed", "settle");

    final SideBooks inner;

    AlteredBooks(SideBooks inner) {
        this.inner = inner;
    }

    /** A call as the inner books would take it. */
    interface Inner {
        Object call() throws Throwable;
    }

    Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
        return proceed.call();
    }

    final SideBooks asBooks() {
        return (SideBooks)
                Proxy.newProxyInstance(SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, this);
    }

    @Override
    public final Object invoke(Object proxy, Method method, Object[] given) throws Throwable {
        if (SEVERAL.contains(method.getName()) && method.isDefault()) {
            return InvocationHandler.invokeDefault(proxy, method, given);
        }
        Object[] arguments = given == null ? new Object[0] : given;
        return call(method.getName(), arguments, () -> {
            try {
                return method.invoke(inner, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        });
    }
}
