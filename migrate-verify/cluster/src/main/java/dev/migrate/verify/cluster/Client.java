package dev.migrate.verify.cluster;

import dev.migrate.LeaseExpiredException;
import dev.migrate.Position;
import dev.migrate.RefusedWriteException;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.verify.cluster.Call.Kind;
import dev.migrate.verify.cluster.Call.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads, writes and deletes at a bounded rate; half of the time keys of a small set that everybody wants. */
final class Client implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Client.class);
    private static final long LONGEST_BACKLOG = TimeUnit.SECONDS.toNanos(1);
    private final String name;
    private final DualWriteRouter<Long, Item> router;
    private final HistoryFile history;
    private final int keys;
    private final long pause;
    private final SplittableRandom random;
    private volatile boolean isStopped;
    private long written;

    Client(String name, DualWriteRouter<Long, Item> router, HistoryFile history, NodeSetup setup, long seed) {
        this.name = name;
        this.router = router;
        this.history = history;
        this.keys = setup.keys();
        this.pause = TimeUnit.SECONDS.toNanos(1) / setup.perSecond();
        this.random = new SplittableRandom(seed);
    }

    void stop() {
        isStopped = true;
    }

    @Override
    public void run() {
        long next = System.nanoTime();
        try (history) {
            while (!isStopped) {
                operate();
                next = Math.max(next + pause, System.nanoTime() - LONGEST_BACKLOG);
                long wait = next - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(wait);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the history of client " + name + " cannot be written", failure);
        }
    }

    private void operate() throws IOException {
        long key = random.nextBoolean() ? random.nextInt(keys) : random.nextInt(Math.max(1, keys / 50));
        int dice = random.nextInt(100);
        if (dice < 45) {
            call(Kind.READ, key, HistoryFile.NOTHING);
        } else if (dice < 88) {
            call(Kind.WRITE, key, name + "-" + ++written);
        } else {
            call(Kind.DELETE, key, HistoryFile.NOTHING);
        }
    }

    private void call(Kind kind, long key, String value) throws IOException {
        int segment = Position.segmentOf(router.migration().bucketOf(key));
        history.calls(kind, segment, key, value, System.nanoTime());
        Outcome outcome;
        String answer = value;
        try {
            answer = answer(kind, key, value);
            outcome = Outcome.ACKNOWLEDGED;
        } catch (RefusedWriteException | LeaseExpiredException nothingWasWritten) {
            outcome = Outcome.REFUSED;
        } catch (Exception | Error anything) {
            LOG.warn("{} of key {} by client {} failed", kind, key, name, anything);
            outcome = Outcome.UNKNOWN;
        }
        history.answers(outcome, answer, System.nanoTime());
    }

    private String answer(Kind kind, long key, String value) {
        switch (kind) {
            case READ -> {
                return router.read(key).map(Item::content).orElse(HistoryFile.NOTHING);
            }
            case WRITE -> router.write(new Item(key, value));
            case DELETE -> router.delete(key);
        }
        return value;
    }
}
