package dev.migrate.verify.cluster;

import dev.migrate.verify.cluster.Deed.Done;
import dev.migrate.verify.cluster.Deed.Kind;
import dev.migrate.verify.cluster.Deed.Outcome;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A history of deeds, written as {@link HistoryFile} is: what a killed process has begun is there, and so is what it has ended. For one thread. */
final class DeedFile implements AutoCloseable {
    private static final String NAME = "deeds-";
    private final FileOutputStream file;

    DeedFile(Path directory, String client) throws IOException {
        this.file = new FileOutputStream(directory.resolve(NAME + client).toFile(), true);
    }

    void begins(Kind kind, List<Long> keys) throws IOException {
        append(kind + "\t" + text(keys));
    }

    void ends(Outcome outcome, List<Long> keys, Done done) throws IOException {
        append(HistoryFile.ANSWER + "\t" + outcome + "\t" + text(keys) + "\t" + done.rows() + "\t" + done.cascaded()
                + "\t" + done.refusals());
    }

    private void append(String line) throws IOException {
        file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String text(List<Long> keys) {
        return keys.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    /** The deeds of all clients of all nodes. */
    static List<Deed> read(Path directory) throws IOException {
        List<Deed> deeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path path : files.filter(one -> one.getFileName().toString().startsWith(NAME))
                    .toList()) {
                read(Files.readString(path), deeds);
            }
        }
        return deeds;
    }

    /** A last line that was cut off does not count. */
    static void read(String history, List<Deed> into) {
        List<String> lines =
                history.substring(0, history.lastIndexOf('\n') + 1).lines().toList();
        for (int at = 0; at < lines.size(); at++) {
            String[] begun = lines.get(at).split("\t", -1);
            Kind kind = Kind.valueOf(begun[0]);
            if (at + 1 < lines.size() && lines.get(at + 1).startsWith(HistoryFile.ANSWER + "\t")) {
                String[] ended = lines.get(++at).split("\t", -1);
                Done done =
                        new Done(Integer.parseInt(ended[3]), Integer.parseInt(ended[4]), Integer.parseInt(ended[5]));
                into.add(new Deed(kind, keys(ended[2]), Outcome.valueOf(ended[1]), done));
            } else {
                into.add(new Deed(kind, keys(begun[1]), Outcome.UNKNOWN, Done.NOTHING));
            }
        }
    }

    private static List<Long> keys(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",")).map(Long::valueOf).toList();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
