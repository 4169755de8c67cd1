package dev.migrate.spring;

import dev.migrate.MigrationEvent;
import dev.migrate.MigrationListener;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Hands events to all listeners of the context, from the moment on at which all beans exist: a listener may itself need a
 * migration. What happens earlier waits, up to a limit. One that fails keeps the event from no other.
 */
final class ContextListeners implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(ContextListeners.class);
    private static final int WAITING_LIMIT = 1_000;
    private final ObjectProvider<MigrationListener> beans;
    private final List<MigrationEvent> waiting = new ArrayList<>();
    private volatile @Nullable List<MigrationListener> listeners;

    ContextListeners(ObjectProvider<MigrationListener> beans) {
        this.beans = beans;
    }

    /** To be given to a migration. */
    void on(MigrationEvent event) {
        List<MigrationListener> known = listeners;
        if (known == null && (known = knownOrWait(event)) == null) {
            return;
        }
        tell(known, event);
    }

    private synchronized @Nullable List<MigrationListener> knownOrWait(MigrationEvent event) {
        if (listeners == null && waiting.size() < WAITING_LIMIT) {
            waiting.add(event);
        }
        return listeners;
    }

    @Override
    public void afterSingletonsInstantiated() {
        List<MigrationListener> all = beans.orderedStream().toList();
        List<MigrationEvent> missed;
        synchronized (this) {
            listeners = all;
            missed = List.copyOf(waiting);
            waiting.clear();
        }
        missed.forEach(event -> tell(all, event));
    }

    private static void tell(List<MigrationListener> listeners, MigrationEvent event) {
        for (MigrationListener listener : listeners) {
            try {
                listener.on(event);
            } catch (RuntimeException | Error failure) {
                LOG.warn(
                        "the listener {} failed on {} of '{}'",
                        listener.getClass().getName(),
                        event.getClass().getSimpleName(),
                        event.migration(),
                        failure);
            }
        }
    }
}
