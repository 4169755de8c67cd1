package dev.migrate.examples.users.check;

import dev.migrate.examples.users.check.Finding.Kind;
import dev.migrate.examples.users.receipts.Effects;
import dev.migrate.examples.users.receipts.Facets;
import dev.migrate.examples.users.receipts.Histories;
import dev.migrate.examples.users.receipts.UserHistory;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Compares what the databases hold with what the clients were told.
 *
 * <p>Every account is looked at, written or not: what was there before must have been moved too. It uses nothing of the
 * library and none of the application's SQL. Nobody may write meanwhile, and nothing may be owed.
 */
public final class LossCheck {

    private final Histories histories;
    private final long seeded;

    /** @param seeded the users 1 to {@code seeded} were there before */
    public LossCheck(Histories histories, long seeded) {
        this.histories = histories;
        this.seeded = seeded;
    }

    /** Checks that one database holds everything. */
    public CheckReport of(Database only) throws SQLException {
        try (HeldAccounts accounts = new HeldAccounts(only)) {
            return walk(new Side(only.name(), accounts), null);
        }
    }

    /** Checks that each of two databases holds everything, and both the same. */
    public CheckReport of(Database one, Database other) throws SQLException {
        try (HeldAccounts first = new HeldAccounts(one);
                HeldAccounts second = new HeldAccounts(other)) {
            return walk(new Side(one.name(), first), new Side(other.name(), second));
        }
    }

    private record Side(String name, HeldAccounts accounts) {

        /** What the side holds of the user; accounts before that one are passed to {@code unexpected}. */
        Held upTo(long user, List<Held> unexpected) throws SQLException {
            Long next = accounts.nextId();
            while (next != null && next < user) {
                unexpected.add(accounts.next());
                next = accounts.nextId();
            }
            return next != null && next == user ? accounts.next() : Held.nothing(user);
        }
    }

    private CheckReport walk(Side one, @Nullable Side other) throws SQLException {
        long start = System.nanoTime();
        List<Finding> findings = new ArrayList<>();
        long users = 0;
        for (Iterator<Long> expected = expected(); expected.hasNext(); users++) {
            long user = expected.next();
            Held first = look(one, user, findings);
            if (other != null) {
                Held second = look(other, user, findings);
                compare(first, second, one.name() + " and " + other.name(), findings);
            }
        }
        look(one, Long.MAX_VALUE, findings);
        if (other != null) {
            look(other, Long.MAX_VALUE, findings);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new CheckReport(users, histories.acknowledged(), histories.unknown(), findings, took);
    }

    private Iterator<Long> expected() {
        return LongStream.concat(
                        LongStream.rangeClosed(1, seeded),
                        histories.users().tailSet(seeded, false).stream().mapToLong(Long::longValue))
                .iterator();
    }

    private Held look(Side side, long user, List<Finding> findings) throws SQLException {
        List<Held> unexpected = new ArrayList<>();
        Held held = side.upTo(user, unexpected);
        for (Held stranger : unexpected) {
            findings.add(
                    new Finding(stranger.user(), Facets.USER, side.name(), Kind.FOREIGN, "nobody created this user"));
        }
        if (user != Long.MAX_VALUE) {
            judge(held, side.name(), findings);
        }
        return held;
    }

    private void judge(Held held, String database, List<Finding> findings) {
        UserHistory history = histories.of(held.user());
        Set<String> facets = new TreeSet<>(history.facets());
        facets.addAll(held.digests().keySet());
        for (String facet : facets) {
            String digest = held.digests().getOrDefault(facet, Effects.ABSENT);
            if (!history.allows(facet, digest)) {
                findings.add(finding(history, held.user(), facet, digest, database));
            }
        }
    }

    private static Finding finding(UserHistory history, long user, String facet, String digest, String database) {
        String promised = "version " + history.acknowledgedVersion(facet) + " was acknowledged";
        if (digest.equals(Effects.ABSENT)) {
            return new Finding(user, facet, database, Kind.LOST, promised + ", nothing is there");
        }
        String found = history.versionOf(facet, digest)
                .map(version -> "version " + version + " is there")
                .orElse("what is there nobody wrote");
        Kind kind = history.versionOf(facet, digest).isEmpty()
                ? Kind.FOREIGN
                : history.possible(facet).equals(Set.of(Effects.ABSENT)) ? Kind.RETURNED : Kind.LOST;
        return new Finding(user, facet, database, kind, promised + ", " + found);
    }

    private static void compare(Held first, Held second, String databases, List<Finding> findings) {
        Set<String> facets = new TreeSet<>(first.rows().keySet());
        facets.addAll(second.rows().keySet());
        for (String facet : facets) {
            String one = first.rows().getOrDefault(facet, Effects.ABSENT);
            String other = second.rows().getOrDefault(facet, Effects.ABSENT);
            if (!one.equals(other)) {
                String detail = "the rows " + one + " and " + other + " differ";
                findings.add(new Finding(first.user(), facet, databases, Kind.DIVERGED, detail));
            }
        }
    }
}
