package dev.migrate.items;

import dev.migrate.reconcile.Difference;
import java.time.Duration;
import java.util.List;

/**
 * What a comparison of two collections found. Its text form shows no key.
 *
 * @param itemsCompared those of legacy, and those that only the target has
 * @param confirmed the differences that stood when nothing was on its way: seen twice, with nothing owed before and after. Their keys are canonical;
 *     the fields of a {@link Difference.Kind#DIFFERENT different} one are {@code size} or {@code content}
 * @param inFlight the keys of items that differ while a copy is still owed: no finding yet
 * @param hot the keys of items that changed each time they were looked at
 * @param notLookedAtAgain how many items differed at first sight beyond those that were looked at again
 * @param took how long it took
 */
public record ItemReconciliationReport(
        long itemsCompared,
        List<Difference> confirmed,
        List<String> inFlight,
        List<String> hot,
        long notLookedAtAgain,
        Duration took) {

    /** Keeps the lists as they are. */
    public ItemReconciliationReport {
        confirmed = List.copyOf(confirmed);
        inFlight = List.copyOf(inFlight);
        hot = List.copyOf(hot);
    }

    /** Whether no difference was confirmed and none was left open but by a copy that is still owed, which the journal sees to. */
    public boolean isClean() {
        return confirmed.isEmpty() && hot.isEmpty() && notLookedAtAgain == 0;
    }

    @Override
    public String toString() {
        return "ItemReconciliationReport[" + itemsCompared + " items compared, " + confirmed.size() + " differences, "
                + inFlight.size() + " in flight, " + hot.size() + " hot, " + notLookedAtAgain + " not looked at again]";
    }
}
