package dev.migrate.examples.users.run;

import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.console.Figures;
import dev.migrate.examples.users.console.Figures.Timing;
import dev.migrate.examples.users.jdbc.Transactions;
import dev.migrate.examples.users.side.LegacyUserService;
import dev.migrate.examples.users.load.Latency;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Nothing moves: the legacy service alone, for as long as the walk would take. */
final class LegacyOnly implements Journey {

    private final Duration hold;
    private final Latency latency = new Latency();
    private final UserService service;

    LegacyOnly(Sides sides, Duration hold) {
        this.hold = hold;
        this.service = new LegacyUserService(Transactions.of(sides.legacy()).timed(latency::add));
    }

    @Override
    public UserService service() {
        return service;
    }

    @Override
    public List<String> walk(Reporter reporter) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        for (int percent : Options.STEPS) {
            reporter.tell(new Message.Reached(percent));
            reporter.tell(new Message.Progress("legacy only", percent, 100, "under load"));
            never.await(hold.toMillis(), TimeUnit.MILLISECONDS);
        }
        return List.of("legacy");
    }

    @Override
    public void settle() {}

    @Override
    public void addTo(Figures figures) {
        figures.add(Timing.LEGACY, latency);
    }

    @Override
    public void close() {}
}
