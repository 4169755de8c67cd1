package dev.migrate;

import dev.migrate.internal.StoredNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a handover of one migration must not be made without, as the store knows it: a process that lacks one of these would move authority
 * over keys that nobody has fenced, drained or copied.
 */
final class StepParts {
    private static final String NEEDED = "NEEDED";
    private static final String RELEASED = "RELEASED";
    private final Migration migration;
    private final String prefix;

    StepParts(Migration migration) {
        this.migration = migration;
        this.prefix = migration.name() + "/";
    }

    void need(String part) {
        set(part, NEEDED, "it has a part in handovers");
    }

    void release(String part, String why) {
        set(part, RELEASED, why);
    }

    private void set(String part, String value, String why) {
        String name = nameOf(part);
        while (true) {
            Optional<Setting> stored = migration.store().find(Setting.Kind.PART, name);
            if (stored.map(Setting::value).orElse(RELEASED).equals(value)) {
                return;
            }
            try {
                long version = stored.map(Setting::version).orElse(0L);
                migration.store().change(Setting.Kind.PART, name, version, value, migration.operator(), why);
                return;
            } catch (StaleChangeException another) {
                // Another node says the same, or the opposite, at the same moment: look again.
            }
        }
    }

    private String nameOf(String part) {
        return StoredNames.of(prefix + part, StoredNames.OF_SETTINGS);
    }

    /** Why a handover may not be made with these participants alone; empty where nothing is missing. */
    List<String> missing(List<StepParticipant> here) {
        Set<String> attached = here.stream()
                .flatMap(participant -> participant.part().stream())
                .map(this::nameOf)
                .collect(Collectors.toSet());
        return migration.store().list(Setting.Kind.PART).stream()
                .filter(part -> part.name().startsWith(prefix) && part.value().equals(NEEDED))
                .filter(part -> !attached.contains(part.name()))
                .map(part -> part.name().substring(prefix.length()))
                .map(part -> "the step hands authority over, but the " + part
                        + " is not in this process, and so would have no part"
                        + " in it; take the step in a process that has built it, or call releasePart(\"" + part
                        + "\", why) where no node has it any more")
                .toList();
    }
}
