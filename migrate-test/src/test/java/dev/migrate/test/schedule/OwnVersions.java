package dev.migrate.test.schedule;

import dev.migrate.Version;
import dev.migrate.side.SideBooks;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Books whose debts have sequence numbers of another making: sound as they are, and broken where an extending class draws them otherwise.
 *
 * <p>They are drawn where the key is owed, and belong to the debt from the commit on.
 */
class OwnVersions extends AlteredBooks {
    final Map<String, Long> drawn = new HashMap<>();
    private final ThreadLocal<Map<String, Long>> inTransaction = new ThreadLocal<>();
    long sequence;

    OwnVersions(SideBooks inner) {
        super(inner);
    }

    /** Called where a transaction begins. */
    void begin() {}

    long draw(String key) {
        return ++sequence;
    }

    /** Called where a key is owed past a write, as by a backfill. */
    long drawAgain(String key) {
        return draw(key);
    }

    void settled(String key) {}

    void assigned() {}

    @Override
    Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
        return switch (method) {
            case "inTransaction" -> inner.isInTransaction() ? proceed.call() : transaction(proceed);
            case "admit" -> admitted(proceed.call(), (String) arguments[0]);
            case "owe" -> owed(proceed.call(), arguments[0]);
            case "owed" -> inner.owed((String) arguments[0]).map(version -> own((String) arguments[0], version));
            case "settle" -> settle((String) arguments[0], (Version) arguments[1]);
            case "postpone" -> {
                arguments[1] =
                        real((String) arguments[0], (Version) arguments[1]).orElse((Version) arguments[1]);
                yield proceed.call();
            }
            case "assign" -> {
                Object answer = proceed.call();
                assigned();
                yield answer;
            }
            default -> proceed.call();
        };
    }

    private Object transaction(Inner proceed) throws Throwable {
        Map<String, Long> owed = new HashMap<>();
        inTransaction.set(owed);
        begin();
        try {
            Object answer = proceed.call();
            drawn.putAll(owed);
            return answer;
        } finally {
            inTransaction.remove();
        }
    }

    private Object admitted(Object version, String key) {
        if (!version.equals(Version.NONE)) {
            inTransaction.get().put(key, draw(key));
        }
        return version;
    }

    private Object owed(Object answer, Object keys) {
        Map<String, Long> to = inTransaction.get() == null ? drawn : inTransaction.get();
        for (Object key : (Collection<?>) keys) {
            String text = ((SideBooks.Key) key).text();
            to.put(text, drawAgain(text));
        }
        return answer;
    }

    private Version own(String key, Version real) {
        return new Version(real.epoch(), drawn.getOrDefault(key, 0L));
    }

    private Optional<Version> real(String key, Version own) {
        return inner.owed(key).filter(version -> own(key, version).equals(own));
    }

    private boolean settle(String key, Version own) {
        boolean isSettled =
                real(key, own).map(version -> inner.settle(key, version)).orElse(false);
        if (isSettled) {
            settled(key);
        }
        return isSettled;
    }
}
