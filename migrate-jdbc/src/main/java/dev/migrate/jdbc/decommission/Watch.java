package dev.migrate.jdbc.decommission;

import dev.migrate.MigrationException;
import dev.migrate.internal.CanonicalKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was read when a watch began, as it is stored.
 *
 * @param since when that was
 * @param reading what the database had counted
 * @param own what the nodes had done themselves
 */
record Watch(Instant since, Reading reading, OwnTotals own) {

    String format() {
        List<Object> parts = new ArrayList<>(List.of(since.toString(), reading.witness(), own.uncounted()));
        reading.tables().forEach((name, counted) -> {
            parts.add(name);
            parts.add(counted.identity());
            add(parts, counted.touches());
            add(parts, own.least(name));
            add(parts, own.most(name));
        });
        return CanonicalKeys.encode(parts);
    }

    private static void add(List<Object> parts, Touches touches) {
        parts.add(touches.reads());
        parts.add(touches.writes());
    }

    static Watch parse(String text) {
        try {
            List<?> parts = (List<?>) CanonicalKeys.decode(text);
            Map<String, Reading.Counted> tables = new LinkedHashMap<>();
            Map<String, Touches> least = new LinkedHashMap<>();
            Map<String, Touches> most = new LinkedHashMap<>();
            for (int at = 3; at < parts.size(); at += 8) {
                String name = (String) parts.get(at);
                tables.put(name, new Reading.Counted((String) parts.get(at + 1), touches(parts, at + 2)));
                least.put(name, touches(parts, at + 4));
                most.put(name, touches(parts, at + 6));
            }
            return new Watch(
                    Instant.parse((String) parts.get(0)),
                    new Reading((String) parts.get(1), tables),
                    new OwnTotals(least, most, (Long) parts.get(2)));
        } catch (RuntimeException malformed) {
            throw new MigrationException(
                    "the stored watch over legacy's tables cannot be read; begin it anew with begin(..)", malformed);
        }
    }

    static Touches touches(List<?> parts, int at) {
        return new Touches((Long) parts.get(at), (Long) parts.get(at + 1));
    }
}
