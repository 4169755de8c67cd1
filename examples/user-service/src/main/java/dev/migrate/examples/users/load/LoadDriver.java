package dev.migrate.examples.users.load;

import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.receipts.Witness;
import dev.migrate.examples.users.sample.People;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Clients that call the service until they are closed, each in a thread of its own.
 *
 * <p>Goes on where the receipts end: ids are not given twice, and what was in doubt when an earlier application died is
 * found out first.
 */
public final class LoadDriver implements AutoCloseable {

    private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

    private final List<Thread> threads = new ArrayList<>();
    private final Tally tally = new Tally();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    private LoadDriver() {}

    /** Starts the clients. */
    public static LoadDriver start(Load load, UserService service, Witness witness) {
        People people = new People(load.seed());
        Population population = new Population(load.rows(), witness.histories());
        LoadDriver driver = new LoadDriver();
        for (int i = 0; i < load.clients(); i++) {
            long seed = load.seed() * 1_000 + i;
            Client client = new Client(service, witness, people, population, driver.tally, seed);
            if (i == 0) {
                witness.histories().doubts().forEach(client::doubt);
            }
            Pace pace = new Pace((double) load.rate() / load.clients());
            driver.threads.add(new Thread(() -> driver.drive(client, pace), "client-" + i));
        }
        driver.threads.forEach(Thread::start);
        return driver;
    }

    public Tally tally() {
        return tally;
    }

    /** Whether the clients go on: false once one gave up. */
    public boolean isWorking() {
        return !stopped;
    }

    /**
     * Lets every client finish its call and find out what is in doubt, and waits for them. May be called again.
     *
     * @throws IllegalStateException if a call does not return, or a client gave up
     */
    public void stop() {
        stopped = true;
        threads.forEach(LoadDriver::join);
        if (failure.get() != null) {
            throw new IllegalStateException("a client gave up", failure.get());
        }
    }

    /** As {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    private static void join(Thread client) {
        try {
            client.join(LONGEST_CALL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (client.isAlive()) {
            throw new IllegalStateException(client.getName() + " is still in a call after " + LONGEST_CALL);
        }
    }

    private void drive(Client client, Pace pace) {
        try {
            while (!stopped) {
                pace.await();
                client.turn();
            }
            client.resolveDoubts();
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            stopped = true;
        }
    }
}
