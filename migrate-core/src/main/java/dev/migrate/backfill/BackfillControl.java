package dev.migrate.backfill;

import dev.migrate.Migration;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import java.util.Optional;

/** Whether a backfill may go on, as the store has it for all nodes. */
final class BackfillControl {
    private static final int LONGEST_NAME = 200;

    enum Order {
        GO_ON,
        PAUSE,
        CANCEL
    }

    private final Migration migration;
    private final String name;

    BackfillControl(Migration migration, String records) {
        this.migration = migration;
        String whole = migration.name() + "/" + records;
        this.name = whole.length() <= LONGEST_NAME
                ? whole
                : whole.substring(0, LONGEST_NAME - 9) + "~" + String.format("%08x", whole.hashCode());
    }

    Order order() {
        return stored().map(setting -> Order.valueOf(setting.value())).orElse(Order.GO_ON);
    }

    void give(Order order, String why) {
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
