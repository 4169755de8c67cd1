package dev.migrate.verify.cluster;

import dev.migrate.test.history.KeyOperation;
import dev.migrate.verify.cluster.Call.Kind;
import dev.migrate.verify.cluster.Call.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads what the clients of all nodes have written down. */
final class Histories {
    private Histories() {}

    static List<Call> in(Path directory) throws IOException {
        List<Call> calls = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith("node"))
                    .toList()) {
                read(Files.readString(file), calls);
            }
        }
        return calls;
    }

    /** A last line that was cut off does not count: its call was not made, or its answer not heard. */
    static void read(String history, List<Call> into) {
        String[] lines =
                history.substring(0, history.lastIndexOf('\n') + 1).lines().toArray(String[]::new);
        for (int at = 0; at < lines.length && !lines[at].isEmpty(); at++) {
            String[] called = lines[at].split("\t", -1);
            boolean isAnswered = at + 1 < lines.length && lines[at + 1].startsWith(HistoryFile.ANSWER + "\t");
            into.add(isAnswered ? answered(called, lines[++at].split("\t", -1)) : unanswered(called));
        }
    }

    private static Call answered(String[] called, String[] answered) {
        return new Call(
                Kind.valueOf(called[0]),
                Integer.parseInt(called[1]),
                Long.parseLong(called[2]),
                answered[2],
                Long.parseLong(called[4]),
                Long.parseLong(answered[3]),
                Outcome.valueOf(answered[1]));
    }

    private static Call unanswered(String[] called) {
        return new Call(
                Kind.valueOf(called[0]),
                Integer.parseInt(called[1]),
                Long.parseLong(called[2]),
                called[3],
                Long.parseLong(called[4]),
                KeyOperation.NEVER,
                Outcome.UNKNOWN);
    }
}
