package dev.migrate.examples.users.run;

import dev.migrate.examples.users.console.Figures;
import java.util.List;
import java.util.Optional;

/** What the application process tells the launcher, a line each on its standard output. */
sealed interface Message {

    /** Begins a line that is a message; every other line is somebody's output. */
    String MARK = "\u0001";

    /** How far something has come. */
    record Progress(String name, long done, long total, String detail) implements Message {}

    /** Something for the reader. */
    record Note(String text) implements Message {}

    /** The flag has reached a percentage under load: from now on the target may fail. */
    record Reached(int percent) implements Message {}

    /** All figures up to now. */
    record Snapshot(Figures figures) implements Message {}

    /** The walk is over and nothing is owed; the databases that must hold everything. */
    record Finished(List<String> databases) implements Message {}

    default String encode() {
        if (this instanceof Progress progress) {
            return line("progress", progress.name(), progress.done(), progress.total(), progress.detail());
        } else if (this instanceof Note note) {
            return line("note", note.text().replace('\n', ' '));
        } else if (this instanceof Reached reached) {
            return line("reached", reached.percent());
        } else if (this instanceof Snapshot snapshot) {
            return line("snapshot", snapshot.figures().encode());
        } else if (this instanceof Finished finished) {
            return line("finished", String.join(",", finished.databases()));
        }
        throw new IllegalStateException("a message without a line: " + this);
    }

    /** The message of a line; empty if the line is no message, or a torn one. */
    static Optional<Message> decode(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        String[] field = line.substring(MARK.length()).split("\t", -1);
        try {
            return switch (field[0]) {
                case "progress" ->
                    Optional.of(
                            new Progress(field[1], Long.parseLong(field[2]), Long.parseLong(field[3]), field[4]));
                case "note" -> Optional.of(new Note(field[1]));
                case "reached" -> Optional.of(new Reached(Integer.parseInt(field[1])));
                case "snapshot" -> Optional.of(new Snapshot(Figures.decode(field[1])));
                case "finished" -> Optional.of(new Finished(List.of(field[1].split(","))));
                default -> Optional.empty();
            };
        } catch (RuntimeException torn) {
            return Optional.empty();
        }
    }

    private static String line(Object... fields) {
        StringBuilder text = new StringBuilder(MARK);
        for (int i = 0; i < fields.length; i++) {
            text.append(i == 0 ? "" : "\t").append(fields[i]);
        }
        return text.toString();
    }
}
