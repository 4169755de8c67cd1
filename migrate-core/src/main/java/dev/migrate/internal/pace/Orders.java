package dev.migrate.internal.pace;

import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import dev.migrate.internal.StoredNames;
import java.util.Optional;
import java.util.function.Function;

/** Whether the backfill of some records may go on, as the store has it for all nodes; thread-safe. */
public final class Orders {
    enum Order {
        GO_ON,
        PAUSE,
        CANCEL
    }

    private final Migration migration;
    private final String name;
    private final Function<String, ? extends MigrationException> cancelled;

    /**
     * The orders that are given to a backfill.
     *
     * @param records the name of what it copies
     * @param cancelled makes the exception with which it ends where it was cancelled, of what is to be said after its name
     */
    public Orders(Migration migration, String records, Function<String, ? extends MigrationException> cancelled) {
        this.migration = migration;
        this.cancelled = cancelled;
        this.name = StoredNames.of(migration.name() + "/" + records, StoredNames.OF_SETTINGS);
    }

    /** Has every node wait. */
    public void pause(String why) {
        give(Order.PAUSE, why);
    }

    /** Takes back the latest order. */
    public void resume(String why) {
        give(Order.GO_ON, why);
    }

    /** Has every node end. */
    public void cancel(String why) {
        give(Order.CANCEL, why);
    }

    Migration migration() {
        return migration;
    }

    Order order() {
        return stored().map(setting -> Order.valueOf(setting.value())).orElse(Order.GO_ON);
    }

    /** With which the backfill ends that was cancelled. */
    MigrationException cancelled(String byWhomAndWhy) {
        return cancelled.apply(" was " + byWhomAndWhy
                + "; what is copied stays: call resume(why) and run(), and it goes on where it stood");
    }

    private void give(Order order, String why) {
        while (true) {
            Optional<Setting> stored = stored();
            if (stored.map(Setting::value).orElse(Order.GO_ON.name()).equals(order.name())) {
                return;
            }
            try {
                long version = stored.map(Setting::version).orElse(0L);
                migration.store().change(Setting.Kind.BACKFILL, name, version, order.name(), migration.operator(), why);
                return;
            } catch (StaleChangeException another) {
                // Somebody has given another order at the same moment: look again.
            }
        }
    }

    /** Who has given the present order, and why. */
    String lastWords() {
        return migration.store().audit(Setting.Kind.BACKFILL, name, 1).stream()
                .findFirst()
                .map(entry -> "by " + entry.who() + ": " + entry.why())
                .orElse("by nobody who is known");
    }

    private Optional<Setting> stored() {
        return migration.store().find(Setting.Kind.BACKFILL, name);
    }
}
