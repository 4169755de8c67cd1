package dev.migrate.verify.patience;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets the tests wait for something to come true as long as a busy machine may need, which costs nothing where it does; and no longer than
 * {@code migrate.test.patience} says, in seconds, where many tests are to fail soon.
 */
public final class PatientTests implements LauncherSessionListener {
    static final String PROPERTY = "migrate.test.patience";
    private static final int SECONDS = 60;

    /** Creates the listener. */
    public PatientTests() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(Integer.getInteger(PROPERTY, SECONDS)));
    }
}
