package dev.migrate.examples.users.receipts;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Killed;
import dev.migrate.examples.users.receipts.Receipt.Kind;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Receipt.Seen;
import dev.migrate.examples.users.receipts.Receipt.Settled;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.IntFunction;
import java.util.function.LongFunction;

/**
 * Writes down what the clients try and are told, and knows from it what they may be told next.
 *
 * <p>Around each write: {@link #begin}, the call, {@link #settle}. Around each read: {@link #now}, the call, and
 * {@link UserHistory#allows(String, String, long)}. Safe for use by several threads.
 */
public final class Witness implements AutoCloseable {

    private final Histories histories;
    private final ReceiptLog log;
    private final InstantSource time;

    private Witness(Histories histories, ReceiptLog log, InstantSource time) {
        this.histories = histories;
        this.log = log;
        this.time = time;
    }

    /**
     * Goes on where the receipts end.
     *
     * @param before what a user's account held before the first receipt
     */
    public static Witness open(Path receipts, LongFunction<Effects> before, InstantSource time) throws IOException {
        Histories histories = new Histories(before);
        return new Witness(histories, ReceiptLog.open(receipts, histories::add), time);
    }

    /** Notes that the application is dead. Only for who has seen it die, and before another one starts. */
    public static void killed(Path receipts, InstantSource time) throws IOException {
        try (ReceiptLog log = ReceiptLog.open(receipts, receipt -> {})) {
            log.append(line -> new Killed(line, time.instant()));
        }
    }

    public Histories histories() {
        return histories;
    }

    /** The line before everything that happens from now on. */
    public long now() {
        return log.lastLine();
    }

    /**
     * Notes the user's next write, before it is tried.
     *
     * @param effects of the version that the write gets, counted from 1
     */
    public Intent begin(long user, Kind kind, IntFunction<Effects> effects) {
        UserHistory history = histories.growing(user);
        synchronized (history) {
            int version = history.versions() + 1;
            Effects left = effects.apply(version);
            Intent intent = log.append(line -> new Intent(line, time.instant(), user, version, kind, left));
            histories.add(intent);
            return intent;
        }
    }

    /** Notes what became of a write, after the call has returned and before anybody is told. */
    public void settle(Intent intent, Outcome outcome) {
        histories.add(log.append(line -> new Settled(line, time.instant(), intent.user(), intent.line(), outcome)));
    }

    /** Notes what a read saw that began after line {@code since}. */
    public void seen(long user, long since, Effects effects) {
        histories.add(log.append(line -> new Seen(line, time.instant(), user, since, effects)));
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
