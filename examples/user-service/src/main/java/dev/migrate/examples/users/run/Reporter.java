package dev.migrate.examples.users.run;

import java.io.PrintStream;

/** Tells the launcher. Safe for use by several threads. */
final class Reporter {

    private final PrintStream out;

    Reporter(PrintStream out) {
        this.out = out;
    }

    void tell(Message message) {
        String line = message.encode();
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}
