package dev.migrate.store;

import dev.migrate.AuditEntry;
import dev.migrate.ChangeRules;
import dev.migrate.MigrationStore;
import dev.migrate.Setting;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store that forgets everything when the process ends: for tests, and for trying things out. Thread-safe.
 */
public final class InMemoryMigrationStore implements MigrationStore {
    private record Id(Setting.Kind kind, String name) {}

    private final InstantSource time;
    private final Map<Id, Setting> settings = new HashMap<>();
    private final Map<Id, List<AuditEntry>> audit = new HashMap<>();

    /** Creates an empty store on the system's time. */
    public InMemoryMigrationStore() {
        this(InstantSource.system());
    }

    /** Creates an empty store that dates its audit trail by the given time. */
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

    @Override
    public synchronized List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
        List<AuditEntry> all = audit.getOrDefault(new Id(kind, name), List.of());
        return List.copyOf(all.subList(0, Math.min(limit, all.size())));
    }

    @Override
    public boolean isDurable() {
        return false;
    }
}
