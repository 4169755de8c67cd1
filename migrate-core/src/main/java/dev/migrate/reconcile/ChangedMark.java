package dev.migrate.reconcile;

import dev.migrate.Migration;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.internal.StoredNames;
import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Up to where passes over what has changed have come, as the store has it for all nodes. A pass moves it on from what it has read itself: where another
 * has moved it meanwhile, it stays as that one has left it.
 */
final class ChangedMark {
    /** How many keys are kept to be looked at again; where there are more, the mark is not moved. */
    static final int MOST_OPEN = 1_000;

    private static final int LONGEST = 30_000;
    private static final String NONE = "";
    private final Migration migration;
    private final TableSide legacy;
    private final String name;
    private final long version;
    private final String value;

    private ChangedMark(Migration migration, TableSide legacy, String name) {
        this.migration = migration;
        this.legacy = legacy;
        this.name = name;
        Optional<Setting> stored = migration.store().find(Setting.Kind.CHANGED, name);
        this.version = stored.map(Setting::version).orElse(0L);
        this.value = stored.map(Setting::value).orElse(NONE);
    }

    /**
     * Reads it.
     *
     * @param by what tells of a change
     */
    static ChangedMark read(Migration migration, TableSide legacy, String by) {
        String name = migration.name() + "/" + legacy.records() + "/" + by;
        return new ChangedMark(migration, legacy, StoredNames.of(name, StoredNames.OF_SETTINGS));
    }

    /** From where a pass begins; empty where none was made, or the mark was forgotten. */
    Optional<List<String>> place() {
        return value.equals(NONE) ? Optional.empty() : Optional.of(texts(0));
    }

    /** What the pass before has left open. */
    List<TableKey> open() {
        return value.equals(NONE)
                ? List.of()
                : texts(1).stream().map(legacy::parseCursor).toList();
    }

    private List<String> texts(int part) {
        List<?> parts = (List<?>) CanonicalKeys.decode(value);
        List<String> texts = new ArrayList<>();
        ((List<?>) parts.get(part)).forEach(text -> texts.add((String) text));
        return texts;
    }

    /** Moves it; false where that would lose something that is open, or another node has moved it. */
    boolean move(List<String> place, ChangedPass.Found found) {
        if (found.beyond() > 0 || found.open().size() > MOST_OPEN) {
            return false;
        }
        List<String> open = found.open().stream().map(legacy::formatCursor).toList();
        String next = CanonicalKeys.encode(List.of(place, open));
        return next.length() <= LONGEST && change(next, "a pass over what has changed has ended");
    }

    /** Lets the next pass be the first; false where another node has moved it meanwhile. */
    boolean forget(String why) {
        return value.equals(NONE) || change(NONE, why);
    }

    private boolean change(String next, String why) {
        try {
            migration.store().change(Setting.Kind.CHANGED, name, version, next, migration.operator(), why);
            return true;
        } catch (StaleChangeException another) {
            return false;
        }
    }
}
