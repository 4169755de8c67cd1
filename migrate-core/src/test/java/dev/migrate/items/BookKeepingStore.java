package dev.migrate.items;

import dev.migrate.AuditEntry;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.Side;
import dev.migrate.side.BookKeeper;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** A store in memory that keeps the sides' books too, so that they outlive a router. */
final class BookKeepingStore implements MigrationStore, BookKeeper {
    private final MigrationStore store = new InMemoryMigrationStore();
    private final Map<String, SideBooks> books = new ConcurrentHashMap<>();

    @Override
    public SideBooks books(String migration, String records, Side side) {
        return books.computeIfAbsent(
                migration + "/" + records + "/" + side, id -> new InMemorySideBooks(InstantSource.system()));
    }

    @Override
    public Optional<Setting> find(Setting.Kind kind, String name) {
        return store.find(kind, name);
    }

    @Override
    public List<Setting> list(Setting.Kind kind) {
        return store.list(kind);
    }

    @Override
    public Setting change(Setting.Kind kind, String name, long expectedVersion, String value, String who, String why) {
        return store.change(kind, name, expectedVersion, value, who, why);
    }

    @Override
    public List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
        return store.audit(kind, name, limit);
    }

    @Override
    public void renew(String migration, Node.Report report, Duration lease) {
        store.renew(migration, report, lease);
    }

    @Override
    public List<Node> nodes(String migration) {
        return store.nodes(migration);
    }

    @Override
    public void leave(String migration, String node) {
        store.leave(migration, node);
    }

    @Override
    public boolean isDurable() {
        return false;
    }
}
