package dev.migrate.replay;

/**
 * Takes the events that the other side has logged.
 *
 * <p>It gets the events of one aggregate in the order in which they were logged, each at least once, and never one before the one before it has
 * arrived or was dismissed; it runs inside a transaction of its own side, which commits with the note that the event has arrived. So what it writes
 * through that side's data source is done exactly once. What it does elsewhere may be done again, and it tells by the {@link
 * LoggedEvent#operationId operation id} that it has done it before.
 *
 * @param <K> the key of an aggregate
 */
@FunctionalInterface
public interface EventReceiver<K> {
    /**
     * Does what the event says; whatever it throws leaves the event, and those after it, for later.
     *
     * @param aggregate the key under which it was logged
     */
    void receive(K aggregate, LoggedEvent event) throws Exception;
}
