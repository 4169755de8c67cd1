package dev.migrate.verify.cluster;

import java.time.Duration;

/**
 * How a run is made.
 *
 * @param atLeast the ladder is walked until it has lasted so long
 * @param walks how often the ladder is walked up and down, at least
 * @param perSecond operations of each client, at most
 * @param kills whether nodes are killed and stopped
 * @param firstStop when a node is stopped for the first time
 * @param database the product of both sides' databases, as in {@code postgresql}
 */
record Options(
        Duration atLeast,
        int walks,
        int keys,
        int clients,
        int perSecond,
        boolean kills,
        Duration firstStop,
        long seed,
        boolean isJournalKept,
        String database) {
    static final int NODES = 3;
    static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);
    static final Duration BETWEEN_STOPS = Duration.ofSeconds(20);
    static final Duration STOPPED_FOR = ClusterNode.LEASE.plusSeconds(1);
    static final String HELP = "run [--seconds 60] [--walks 2] [--keys 20000] [--clients 8] [--rate 100] [--no-kills]"
            + " [--journal-off] [--database postgresql|mariadb] [--seed N]";

    static Options standard() {
        return new Options(
                Duration.ofMinutes(1),
                2,
                20_000,
                8,
                100,
                true,
                Duration.ofSeconds(10),
                System.nanoTime(),
                true,
                "postgresql");
    }

    static Options parse(String... arguments) {
        Options options = standard();
        for (int at = 0; at < arguments.length; at++) {
            String name = arguments[at];
            options = switch (name) {
                case "--no-kills" -> options.withKills(false);
                case "--journal-off" -> options.withoutJournal();
                default -> {
                    if (at + 1 == arguments.length) {
                        throw new IllegalArgumentException(name + " is no option, or lacks its value: " + HELP);
                    }
                    String value = arguments[++at];
                    yield name.equals("--database") ? options.on(value) : options.with(name, Long.parseLong(value));
                }
            };
        }
        return options;
    }

    private Options with(String name, long value) {
        if (value < 1 && !name.equals("--seed")) {
            throw new IllegalArgumentException(name + " must be at least 1, but was " + value);
        }
        return switch (name) {
            case "--seconds" -> withLength(Duration.ofSeconds(value), walks);
            case "--walks" -> withLength(atLeast, Math.toIntExact(value));
            case "--keys" -> withLoad(Math.toIntExact(value), clients, perSecond);
            case "--clients" -> withLoad(keys, Math.toIntExact(value), perSecond);
            case "--rate" -> withLoad(keys, clients, Math.toIntExact(value));
            case "--seed" ->
                new Options(atLeast, walks, keys, clients, perSecond, kills, firstStop, value, isJournalKept, database);
            default -> throw new IllegalArgumentException(name + " is no option: " + HELP);
        };
    }

    Options withLength(Duration time, int times) {
        return new Options(time, times, keys, clients, perSecond, kills, firstStop, seed, isJournalKept, database);
    }

    Options withLoad(int numberOfKeys, int numberOfClients, int rate) {
        return new Options(
                atLeast, walks, numberOfKeys, numberOfClients, rate, kills, firstStop, seed, isJournalKept, database);
    }

    Options withKills(boolean areKilled) {
        return new Options(
                atLeast, walks, keys, clients, perSecond, areKilled, firstStop, seed, isJournalKept, database);
    }

    Options on(String product) {
        return new Options(atLeast, walks, keys, clients, perSecond, kills, firstStop, seed, isJournalKept, product);
    }

    Options withoutJournal() {
        return new Options(atLeast, walks, keys, clients, perSecond, kills, firstStop, seed, false, database);
    }
}
