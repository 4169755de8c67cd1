package dev.migrate.verify.cluster;

import java.time.Duration;

/**
 * How a run is made.
 *
 * @param atLeast the ladder is walked until it has lasted so long
 * @param walks how often the ladder is walked up and down, at least
 * @param keys how many keys of the items there are, or rooms
 * @param perSecond operations of each client, at most
 * @param kills whether nodes are killed and stopped
 * @param firstStop when a node is stopped for the first time
 * @param database the product of both sides' databases, as in {@code postgresql}
 * @param lacking what is left out, in a broken variant
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
        Lacking lacking,
        String database,
        Workload workload) {
    static final int NODES = 3;
    static final Duration BETWEEN_KILLS = Duration.ofSeconds(5);
    static final Duration BETWEEN_STOPS = Duration.ofSeconds(20);
    static final Duration STOPPED_FOR = ClusterNode.LEASE.plusSeconds(1);
    static final String HELP =
            "run [--workload items|constraints] [--seconds 60] [--walks 2] [--keys N] [--clients 8] [--rate 100]"
                    + " [--no-kills] [--without journal|trigger|make-way|copy-mark] [--database postgresql|mariadb] [--seed N]\n"
                    + "keys: 20000 items, or 120 rooms of five seats each; without: a broken variant, journal of the items and the others of the"
                    + " constraints";

    static Options standard() {
        return new Options(
                Duration.ofMinutes(1),
                2,
                Workload.ITEMS.keys,
                8,
                100,
                true,
                Duration.ofSeconds(10),
                System.nanoTime(),
                Lacking.NOTHING,
                "postgresql",
                Workload.ITEMS);
    }

    static Options parse(String... arguments) {
        Options options = standard();
        for (int at = 0; at < arguments.length; at++) {
            String name = arguments[at];
            if (name.equals("--no-kills")) {
                options = options.withKills(false);
            } else if (at + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " is no option, or lacks its value: " + HELP);
            } else {
                options = options.with(name, arguments[++at]);
            }
        }
        options.lacking.requireIn(options.workload);
        return options;
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--database" -> on(value);
            case "--workload" -> of(Workload.of(value));
            case "--without" -> without(Lacking.of(value));
            default -> with(name, Long.parseLong(value));
        };
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
            case "--seed" -> withSeed(value);
            default -> throw new IllegalArgumentException(name + " is no option: " + HELP);
        };
    }

    Options withLength(Duration time, int times) {
        return new Options(time, times, keys, clients, perSecond, kills, firstStop, seed, lacking, database, workload);
    }

    Options withLoad(int numberOfKeys, int numberOfClients, int rate) {
        return new Options(
                atLeast,
                walks,
                numberOfKeys,
                numberOfClients,
                rate,
                kills,
                firstStop,
                seed,
                lacking,
                database,
                workload);
    }

    Options withKills(boolean areKilled) {
        return new Options(
                atLeast, walks, keys, clients, perSecond, areKilled, firstStop, seed, lacking, database, workload);
    }

    Options withSeed(long number) {
        return new Options(
                atLeast, walks, keys, clients, perSecond, kills, firstStop, number, lacking, database, workload);
    }

    Options on(String product) {
        return new Options(
                atLeast, walks, keys, clients, perSecond, kills, firstStop, seed, lacking, product, workload);
    }

    Options without(Lacking what) {
        return new Options(atLeast, walks, keys, clients, perSecond, kills, firstStop, seed, what, database, workload);
    }

    /** With as many keys as the workload has, unless somebody has said how many. */
    Options of(Workload work) {
        int number = keys == workload.keys ? work.keys : keys;
        return new Options(atLeast, walks, number, clients, perSecond, kills, firstStop, seed, lacking, database, work);
    }
}
