package dev.migrate.test.schedule;

import dev.migrate.Records;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Kinds of sides, and for how many nodes their guarantee holds. */
enum SidesOfTests {
    TRANSACTIONAL(ScheduledSides.transactional(), 3),
    PLAIN((side, time) -> new Plain(), 1),
    VERSIONED((side, time) -> new Versioned(), 3);

    private final ScheduledSides sides;
    private final int nodes;

    SidesOfTests(ScheduledSides sides, int nodes) {
        this.sides = sides;
        this.nodes = nodes;
    }

    Schedules schedules() {
        return Schedules.over(sides).nodes(nodes);
    }

    /** Plain functions. */
    private static class Plain implements Records<Long, Item> {
        private final Map<Long, Item> rows = new HashMap<>();

        @Override
        public Optional<Item> read(Long key) {
            return Optional.ofNullable(rows.get(key));
        }

        @Override
        public Item write(Long key, Item value) {
            rows.put(key, value);
            return value;
        }

        @Override
        public void delete(Long key) {
            rows.remove(key);
        }
    }

    /** Records that refuse an older version. */
    private static final class Versioned extends Plain implements VersionedRecords<Long, Item> {
        private final Map<Long, Version> versions = new HashMap<>();

        private boolean isLater(Long key, Version version) {
            boolean isLater = version.isAfter(versions.getOrDefault(key, Version.NONE));
            if (isLater) {
                versions.put(key, version);
            }
            return isLater;
        }

        @Override
        public boolean write(Long key, Item value, Version version) {
            boolean isLater = isLater(key, version);
            if (isLater) {
                write(key, value);
            }
            return isLater;
        }

        @Override
        public boolean delete(Long key, Version version) {
            boolean isLater = isLater(key, version);
            if (isLater) {
                delete(key);
            }
            return isLater;
        }
    }
}
