package dev.migrate.examples.users.run;

import dev.migrate.examples.users.fault.Fault;
import dev.migrate.examples.users.load.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param fault how the target fails
 * @param faultAt at which percentage of the flag
 * @param hold how long each step is watched
 */
public record Options(int rows, int rate, int clients, long seed, Fault fault, int faultAt, Duration hold) {

    /** Without any option. */
    public static final Options DEFAULT = new Options(100_000, 600, 8, 1, Fault.ERRORS, 25, Duration.ofSeconds(4));

    static final List<Integer> STEPS = List.of(5, 25, 50, 100);

    static final String USAGE = """
            usage: run [option value]...
              --rows      users in the legacy database          (100000)
              --rate      calls per second                      (600)
              --clients   concurrent callers                    (8)
              --seed      of everything that is random          (1)
              --fault     none, errors, latency, hang or crash  (errors)
              --fault-at  5, 25, 50 or 100 percent              (25)
              --hold      seconds that each step is watched     (4)""";

    private static final Set<String> NAMES =
            Set.of("--rows", "--rate", "--clients", "--seed", "--fault", "--fault-at", "--hold");

    /**
     * The options of a command line.
     *
     * @throws IllegalArgumentException which names the option, the rule and the value
     */
    public static Options parse(List<String> arguments) {
        Options options = DEFAULT;
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("there is no option " + name);
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(name + " must have a value, but was the last word");
            }
            options = options.with(name, arguments.get(i + 1));
        }
        return options;
    }

    /** The arguments that {@link #parse} makes these options of. */
    public List<String> arguments() {
        return List.of(
                "--rows", Integer.toString(rows),
                "--rate", Integer.toString(rate),
                "--clients", Integer.toString(clients),
                "--seed", Long.toString(seed),
                "--fault", fault.name().toLowerCase(Locale.ROOT),
                "--fault-at", Integer.toString(faultAt),
                "--hold", Long.toString(hold.toSeconds()));
    }

    public Load load() {
        return new Load(rate, clients, seed, rows);
    }

    private Options with(String name, String value) {
        return switch (name) {
            case "--rows" ->
                new Options(number(name, value, 100, 50_000_000), rate, clients, seed, fault, faultAt, hold);
            case "--rate" -> new Options(rows, number(name, value, 1, 1_000_000), clients, seed, fault, faultAt, hold);
            case "--clients" -> new Options(rows, rate, number(name, value, 1, 64), seed, fault, faultAt, hold);
            case "--seed" ->
                new Options(rows, rate, clients, number(name, value, 0, 1_000_000), fault, faultAt, hold);
            case "--fault" -> new Options(rows, rate, clients, seed, fault(value), faultAt, hold);
            case "--fault-at" -> new Options(rows, rate, clients, seed, fault, step(value), hold);
            case "--hold" ->
                new Options(rows, rate, clients, seed, fault, faultAt, Duration.ofSeconds(number(name, value, 1, 3600)));
            default -> throw new IllegalArgumentException("there is no option " + name);
        };
    }

    private static int number(String name, String value, int least, int most) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " must be a number, but was " + value, e);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    name + " must be between " + least + " and " + most + ", but was " + number);
        }
        return number;
    }

    private static Fault fault(String value) {
        List<String> names = new ArrayList<>();
        for (Fault fault : Fault.values()) {
            String name = fault.name().toLowerCase(Locale.ROOT);
            if (name.equals(value)) {
                return fault;
            }
            names.add(name);
        }
        throw new IllegalArgumentException("--fault must be one of " + names + ", but was " + value);
    }

    private static int step(String value) {
        int percent = number("--fault-at", value, 1, 100);
        if (!STEPS.contains(percent)) {
            throw new IllegalArgumentException("--fault-at must be one of " + STEPS + ", but was " + value);
        }
        return percent;
    }
}
