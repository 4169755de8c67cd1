package dev.migrate.store;

import dev.migrate.AuditEntry;
import dev.migrate.ChangeRules;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.reconcile.PassHistory;
import dev.migrate.reconcile.ReconciliationKeeper;
import dev.migrate.reconcile.ReviewQueue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A store that forgets everything when the process ends: for tests, and for trying things out. Thread-safe.
 */
public final class InMemoryMigrationStore implements MigrationStore, ReconciliationKeeper {
    private record Id(Setting.Kind kind, String name) {}

    private record Kind(String migration, String records) {}

    private record Leased(Node.Report report, Instant until) {}

    private final InstantSource time;
    private final Map<String, SortedMap<String, Leased>> nodes = new HashMap<>();
    private final Map<Id, Setting> settings = new HashMap<>();
    private final Map<Id, List<AuditEntry>> audit = new HashMap<>();
    private final Map<Kind, InMemoryReviews> reviews = new HashMap<>();
    private final Map<Kind, InMemoryPasses> passes = new HashMap<>();

    /** Creates an empty store on the system's time. */
    public InMemoryMigrationStore() {
        this(InstantSource.system());
    }

    /** Creates an empty store that dates its audit trail and its leases by the given time. */
    public InMemoryMigrationStore(InstantSource time) {
        this.time = time;
    }

    @Override
    public synchronized Optional<Setting> find(Setting.Kind kind, String name) {
        return Optional.ofNullable(settings.get(new Id(kind, name)));
    }

    @Override
    public synchronized List<Setting> list(Setting.Kind kind) {
        return settings.values().stream()
                .filter(setting -> setting.kind() == kind)
                .sorted(Comparator.comparing(Setting::name))
                .toList();
    }

    @Override
    public synchronized Setting change(
            Setting.Kind kind, String name, long expectedVersion, String value, String who, String why) {
        ChangeRules.check(kind, name, value, who, why);
        Id id = new Id(kind, name);
        Setting before = settings.get(id);
        long version = before == null ? 0 : before.version();
        if (version != expectedVersion) {
            throw ChangeRules.stale(kind, name, expectedVersion, version);
        }
        if (kind == Setting.Kind.POSITION && before != null && movesOn(id, before, value)) {
            ChangeRules.requireAcknowledged(name, expectedVersion, nodes(name));
        }
        Setting after = new Setting(kind, name, version + 1, value);
        settings.put(id, after);
        audit.computeIfAbsent(id, unused -> new ArrayList<>())
                .add(
                        0,
                        new AuditEntry(
                                kind,
                                name,
                                after.version(),
                                time.instant(),
                                who,
                                why,
                                before == null ? null : before.value(),
                                value));
        return after;
    }

    private boolean movesOn(Id id, Setting before, String value) {
        return !value.equals(before.value())
                && audit.getOrDefault(id, List.of()).stream().limit(1).noneMatch(latest -> value.equals(latest.from()));
    }

    @Override
    public synchronized void renew(String migration, Node.Report report, Duration lease) {
        nodes.computeIfAbsent(migration, unused -> new TreeMap<>())
                .put(report.node(), new Leased(report, time.instant().plus(lease)));
    }

    @Override
    public synchronized List<Node> nodes(String migration) {
        Instant now = time.instant();
        return nodes.getOrDefault(migration, new TreeMap<>()).values().stream()
                .map(leased -> new Node(leased.report(), leased.until(), now.isBefore(leased.until())))
                .toList();
    }

    @Override
    public synchronized void leave(String migration, String node) {
        nodes.getOrDefault(migration, new TreeMap<>()).remove(node);
    }

    @Override
    public synchronized List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
        List<AuditEntry> all = audit.getOrDefault(new Id(kind, name), List.of());
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    @Override
    public synchronized ReviewQueue reviews(String migration, String records) {
        return reviews.computeIfAbsent(new Kind(migration, records), unused -> new InMemoryReviews(time));
    }

    @Override
    public synchronized PassHistory passes(String migration, String records) {
        return passes.computeIfAbsent(new Kind(migration, records), unused -> new InMemoryPasses());
    }

    @Override
    public boolean isDurable() {
        return false;
    }
}
