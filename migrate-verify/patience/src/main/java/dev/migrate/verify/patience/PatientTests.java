package dev.migrate.verify.patience;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets the tests wait for something to come true as long as a busy machine may need, which costs nothing where it does; and no longer than
 * {@code migrate.test.patience} says, in seconds, where many tests are to fail soon. They look often, so that what has come true is not waited for.
 */
public final class PatientTests implements LauncherSessionListener {
    static final String PROPERTY = "migrate.test.patience";
    private static final int SECONDS = 60;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

    /** Creates the listener. */
    public PatientTests() {}

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Awaitility.setDefaultTimeout(Duration.ofSeconds(Integer.getInteger(PROPERTY, SECONDS)));
        Awaitility.setDefaultPollInterval(BETWEEN_LOOKS);
    }
}
