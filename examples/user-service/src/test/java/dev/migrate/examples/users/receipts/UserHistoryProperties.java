package dev.migrate.examples.users.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Kind;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Receipt.Settled;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Random schedules of clients on one register that really is atomic: none may be accused. */
class UserHistoryProperties {

    private static final String FACET = "user";

    private final List<Long> open = new ArrayList<>();
    private final Map<Long, String> digests = new HashMap<>();
    private final Map<Long, Boolean> applied = new HashMap<>();
    private UserHistory history;
    private String register;
    private long line;

    @Property
    void anAtomicRegister_isNeverAccused(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 6) int clients,
            @ForAll @IntRange(max = 60) int steps) {
        start();
        for (int i = 0; i < steps; i++) {
            step(random, clients);
            long since = line;
            assertThat(history.allows(FACET, register, since)).isTrue();
        }
        assertThat(history.allows(FACET, register)).isTrue();
    }

    @Property
    void aRead_thatTakesItsTime_isNeverAccused(@ForAll Random random, @ForAll @IntRange(max = 60) int steps) {
        start();
        for (int i = 0; i < steps; i++) {
            step(random, 4);
        }
        long since = line;
        List<String> held = new ArrayList<>(List.of(register));
        for (int i = 0; i < 10; i++) {
            step(random, 4);
            held.add(register);
        }
        assertThat(held).allMatch(digest -> history.allows(FACET, digest, since));
    }

    @Property
    void aRegister_thatForgetsItsLastWrite_isAlwaysAccused(
            @ForAll Random random, @ForAll @IntRange(max = 30) int steps) {
        start();
        for (int i = 0; i < steps; i++) {
            step(random, 3);
        }
        while (!open.isEmpty()) {
            end(open.remove(0), random);
        }
        String before = register;
        long last = begin("last");
        apply(last);
        settle(last, Outcome.ACKNOWLEDGED);

        assertThat(history.possible(FACET)).containsExactly("last");
        assertThat(history.allows(FACET, before)).isFalse();
    }

    private void start() {
        open.clear();
        digests.clear();
        applied.clear();
        history = new UserHistory(Effects.of(FACET, "seed"));
        register = "seed";
        line = 0;
    }

    private void step(Random random, int clients) {
        int choice = random.nextInt(3);
        if (open.size() < clients && (open.isEmpty() || choice == 0)) {
            open.add(begin("w" + (line + 1)));
        } else if (choice == 1) {
            apply(open.get(random.nextInt(open.size())));
        } else {
            end(open.remove(random.nextInt(open.size())), random);
        }
    }

    private long begin(String digest) {
        history.add(new Intent(++line, Instant.EPOCH, 1, (int) line, Kind.UPDATE, Effects.of(FACET, digest)));
        digests.put(line, digest);
        applied.put(line, false);
        return line;
    }

    private void apply(long intent) {
        if (!applied.put(intent, true)) {
            register = digests.get(intent);
        }
    }

    /** A write that has been applied is acknowledged or its answer is lost; another is rejected or its call is lost. */
    private void end(long intent, Random random) {
        Outcome known = applied.get(intent) ? Outcome.ACKNOWLEDGED : Outcome.REJECTED;
        settle(intent, random.nextInt(4) == 0 ? Outcome.UNKNOWN : known);
    }

    private void settle(long intent, Outcome outcome) {
        history.add(new Settled(++line, Instant.EPOCH, 1, intent, outcome));
    }
}
