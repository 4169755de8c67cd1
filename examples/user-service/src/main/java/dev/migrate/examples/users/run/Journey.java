package dev.migrate.examples.users.run;

import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.console.Figures;
import java.util.List;

/** The way from the first to the last step while the clients work. */
interface Journey extends AutoCloseable {

    /** The service that the clients call, from before the walk until after it. */
    UserService service();

    /**
     * Walks from where the databases say that it stands to the end.
     *
     * @return the databases that must hold everything once the clients have stopped and {@link #settle} has returned
     */
    List<String> walk(Reporter reporter) throws Exception;

    /** Waits, with the clients stopped, until nothing is owed. */
    void settle() throws Exception;

    /** Adds what the journey has counted to what the clients have. */
    void addTo(Figures figures);

    @Override
    void close();
}
