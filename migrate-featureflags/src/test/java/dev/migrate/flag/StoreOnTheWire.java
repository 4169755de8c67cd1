package dev.migrate.flag;

import dev.migrate.AuditEntry;
import dev.migrate.MigrationException;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A store whose every call can be counted, made to fail, and made to hang. */
final class StoreOnTheWire implements MigrationStore {
    private final MigrationStore store = new InMemoryMigrationStore();
    final AtomicInteger calls = new AtomicInteger();
    volatile boolean isDown;
    volatile CountDownLatch open = new CountDownLatch(0);

    private MigrationStore wire() {
        calls.incrementAndGet();
        try {
            open.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new MigrationException("interrupted", interrupted);
        }
        if (isDown) {
            throw new MigrationException("the store is down");
        }
        return store;
    }

    @Override
    public Optional<Setting> find(Setting.Kind kind, String name) {
        return wire().find(kind, name);
    }

    @Override
    public List<Setting> list(Setting.Kind kind) {
        return wire().list(kind);
    }

    @Override
    public Setting change(Setting.Kind kind, String name, long expectedVersion, String value, String who, String why) {
        return wire().change(kind, name, expectedVersion, value, who, why);
    }

    @Override
    public List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
        return wire().audit(kind, name, limit);
    }

    @Override
    public void renew(String migration, Node.Report report, Duration lease) {
        wire().renew(migration, report, lease);
    }

    @Override
    public List<Node> nodes(String migration) {
        return wire().nodes(migration);
    }

    @Override
    public void leave(String migration, String node) {
        wire().leave(migration, node);
    }

    @Override
    public boolean isDurable() {
        return true;
    }
}
