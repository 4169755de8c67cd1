package dev.migrate.service;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.internal.call.Thrown;
import dev.migrate.internal.write.KeyedWrites;
import dev.migrate.side.Debt;
import java.lang.reflect.Proxy;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind an object that implements an interface by sending each call to the legacy or the target implementation.
 *
 * <p>For a service whose operations are more than reading and writing records by key; for those, {@code DualWriteRouter}
 * promises more. Every method of the interface says what it does: {@link Reads} or {@link Writes}, with the key marked
 * {@link MigrationKey}. A read is answered by the side that is authoritative for its key, on SHADOW and LIVE compared with the other
 * off the caller's thread; on LIVE legacy answers where the target fails, unless it may lack a write, and the event
 * {@code FellBack} says so. A write is done on the authoritative side alone, once; its key is then owed to the other, and the
 * {@link Copier} carries it over.
 *
 * <pre>{@code
 * interface OrderService {
 *     @Reads Order find(@MigrationKey long id);
 *     @Writes Order place(@MigrationKey("id") Order order) throws SoldOut;
 * }
 * OrderService service = ServiceRouter.of(orders, OrderService.class)
 *     .legacy(legacyService).target(targetService).copier(orderCopier).build();
 * }</pre>
 *
 * <p>Exceptions come as the implementation threw them. A default method without a mark runs as it is written, and what it calls is
 * routed; static methods are the interface's own affair. {@code equals}, {@code hashCode} and {@code toString} are the routed
 * object's own and never change.
 *
 * <p>A call that an implementation makes to itself stays within that implementation: it does not come by the router, so an operation
 * that calls others of its own is routed by its own mark and key alone. An implementation should not call the routed object, which
 * may send it to the other side.
 *
 * <p>The routed object is thread-safe if both implementations are. Close what {@link #behind} gives to stop its worker; it does not
 * close the migration or the implementations.
 *
 * @param <S> the interface
 */
public final class ServiceRouter<S> implements AutoCloseable {
    private final Migration migration;
    private final Class<S> type;
    final @Nullable KeyedWrites<Object> writes;
    private final Guarantee guarantee;

    ServiceRouter(Migration migration, Class<S> type, @Nullable KeyedWrites<Object> writes, Guarantee guarantee) {
        this.migration = migration;
        this.type = type;
        this.writes = writes;
        this.guarantee = guarantee;
    }

    /**
     * Begins to describe a router.
     *
     * @param type an interface all of whose methods say what they do
     */
    public static <S> ServiceRouterBuilder<S> of(Migration migration, Class<S> type) {
        return new ServiceRouterBuilder<>(migration, type);
    }

    /**
     * What stands behind a routed object.
     *
     * @throws MigrationException where the object is not one that a builder of this class has made
     */
    @SuppressWarnings("unchecked") // a handler is made with the interface of its proxy
    public static <S> ServiceRouter<S> behind(S service) {
        if (Proxy.isProxyClass(service.getClass())
                && Proxy.getInvocationHandler(service) instanceof RoutingHandler<?> handler) {
            return (ServiceRouter<S>) handler.router();
        }
        throw new MigrationException("a routed service was expected, but was a "
                + service.getClass().getName() + "; give what ServiceRouter.of(..).build() returned");
    }

    /** Owes keys that were written past the router: by a batch job, another application. */
    @SuppressWarnings("unchecked") // keys are what the copier takes
    public void touched(Collection<?> keys) {
        if (writes == null) {
            throw new MigrationException(this + " has no method marked @Writes, and so owes nothing");
        }
        writes.touched((Collection<Object>) keys);
    }

    /**
     * Owes keys that calls past the router may have written, or may yet write, because their outcome is not known: now, and once more when
     * such calls are over, as {@link ServiceRouterBuilder#callsEndWithin} says. A handover of these keys waits for that.
     *
     * @throws dev.migrate.RefusedWriteException where a handover took longer than the router waits; the keys are owed now, but not once more
     */
    @SuppressWarnings("unchecked") // keys are what the copier takes
    public void perhapsTouched(Collection<?> keys) {
        if (writes == null) {
            throw new MigrationException(this + " has no method marked @Writes, and so owes nothing");
        }
        try {
            writes.perhapsTouched((Collection<Object>) keys);
        } catch (InterruptedException interrupted) {
            throw Thrown.<RuntimeException>as(interrupted);
        }
    }

    /** What is owed by both sides together, now. */
    public Debt debt() {
        return writes == null ? Debt.NONE : writes.debt();
    }

    /** Works off what is due in the caller's thread, once; returns how many keys have arrived. The worker does so regularly. */
    public int repair() {
        return writes == null ? 0 : writes.workOff();
    }

    /** What is promised for writes. */
    public Guarantee guarantee() {
        return guarantee;
    }

    /** The migration by which calls are routed. */
    public Migration migration() {
        return migration;
    }

    /** Stops the worker; what is owed stays in the books. */
    @Override
    public void close() {
        if (writes != null) {
            writes.close();
        }
    }

    @Override
    public String toString() {
        return "ServiceRouter[" + migration.name() + ": " + type.getSimpleName() + "]";
    }
}
