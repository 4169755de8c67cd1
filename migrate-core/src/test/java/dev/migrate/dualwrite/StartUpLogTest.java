package dev.migrate.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.migrate.Stage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a router says of its promise when it is built. */
class StartUpLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(DualWriteRouter.class);
    private final Level before = logger.getLevel();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(log);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(log);
        logger.setAdditive(true);
        logger.setLevel(before);
    }

    private ILoggingEvent last() {
        assertThat(log.list).isNotEmpty();
        return log.list.get(log.list.size() - 1);
    }

    @Test
    void whatIsForgotten_isWarnedOf_andMoreUrgentlyOnceAnythingMayHaveBeen() {
        try (RouterFixture fixture = new RouterFixture(UnaryOperator.identity())) {
            assertThat(last().getLevel()).isEqualTo(Level.WARN);
            assertThat(last().getFormattedMessage())
                    .contains("forgotten when the process ends")
                    .contains("use a JdbcMigrationStore");
            fixture.at(Stage.DUAL_WRITE);
            fixture.newRouter().close();
            assertThat(last().getLevel()).isEqualTo(Level.WARN);
            assertThat(last().getFormattedMessage())
                    .contains("starts at DUAL_WRITE")
                    .contains("reconcile before the next step");
        }
    }

    @Test
    void whatLasts_isSaid() {
        try (IntentFixture fixture = new IntentFixture(new MapRecords(), new MapRecords())) {
            assertThat(fixture.router.guarantee()).isEqualTo(Guarantee.DURABLE);
            assertThat(last().getLevel()).isEqualTo(Level.INFO);
            assertThat(last().getFormattedMessage())
                    .isEqualTo("migration 'items', records 'default': " + Guarantee.DURABLE.description());
        }
    }
}
