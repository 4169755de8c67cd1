package dev.migrate.verify.cluster;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What one client did, a line before each call and a line after it, each handed to the operating system in one write: a killed process loses none.
 *
 * <p>For one thread.
 */
final class HistoryFile implements AutoCloseable {
    static final String NOTHING = "-";
    static final String ANSWER = "=";
    private final FileOutputStream file;

    HistoryFile(Path path) throws IOException {
        this.file = new FileOutputStream(path.toFile(), true);
    }

    void calls(Call.Kind kind, int segment, long key, String value, long at) throws IOException {
        append(kind + "\t" + segment + "\t" + key + "\t" + value + "\t" + at);
    }

    void answers(Call.Outcome outcome, String value, long at) throws IOException {
        append(ANSWER + "\t" + outcome + "\t" + value + "\t" + at);
    }

    private void append(String line) throws IOException {
        file.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
