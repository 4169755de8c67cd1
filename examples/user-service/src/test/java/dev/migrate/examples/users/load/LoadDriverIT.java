package dev.migrate.examples.users.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserChange;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.check.CheckReport;
import dev.migrate.examples.users.check.Database;
import dev.migrate.examples.users.check.Finding;
import dev.migrate.examples.users.check.LossCheck;
import dev.migrate.examples.users.fault.Fault;
import dev.migrate.examples.users.fault.FaultSwitch;
import dev.migrate.examples.users.fault.FaultyDataSource;
import dev.migrate.examples.users.jdbc.Transactions;
import dev.migrate.examples.users.receipts.Effects;
import dev.migrate.examples.users.receipts.Facets;
import dev.migrate.examples.users.receipts.Histories;
import dev.migrate.examples.users.receipts.ReceiptLog;
import dev.migrate.examples.users.receipts.Witness;
import dev.migrate.examples.users.run.Schema;
import dev.migrate.examples.users.sample.People;
import dev.migrate.examples.users.sample.Seeder;
import dev.migrate.examples.users.side.LegacyUserService;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadDriverIT {

    private static final long USERS = 400;
    private static final Load LOAD = new Load(100_000, 6, 21, USERS);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final People PEOPLE = new People(LOAD.seed());
    private static final LongFunction<Effects> BEFORE =
            user -> user <= USERS ? Facets.of(PEOPLE.seeded(user)) : Effects.GONE;

    @TempDir
    Path directory;

    private HikariDataSource database;

    @BeforeEach
    void seed() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestDatabases.with(Schema.LEGACY));
        config.setMaximumPoolSize(8);
        database = new HikariDataSource(config);
        try (Connection connection = database.getConnection()) {
            new Seeder(PEOPLE).seed(connection, USERS, done -> {});
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Tally drive(UserService service, long writes) throws IOException {
        Tally tally;
        try (Witness witness = Witness.open(directory.resolve("receipts"), BEFORE, InstantSource.system());
                LoadDriver clients = LoadDriver.start(LOAD, service, witness)) {
            tally = clients.tally();
            await().atMost(PATIENCE).until(() -> tally.acknowledgedWrites() >= writes || !clients.isWorking());
            clients.stop();
        }
        return tally;
    }

    private CheckReport check() throws IOException, SQLException {
        Histories histories = new Histories(BEFORE);
        ReceiptLog.read(directory.resolve("receipts"), histories::add);
        return new LossCheck(histories, USERS).of(new Database("legacy", database));
    }

    @Test
    void aServiceThatKeepsItsPromises_isNotAccused() throws Exception {
        Tally tally = drive(new LegacyUserService(Transactions.of(database)), 3_000);

        CheckReport report = check();

        assertThat(report.findings()).isEmpty();
        assertThat(report.acknowledged()).isEqualTo(tally.acknowledgedWrites());
        assertThat(report.unknown()).isZero();
        assertThat(tally.staleReads()).isZero();
        assertThat(tally.failedReads()).isZero();
        assertThat(tally.reads()).isPositive();
        assertThat(tally.longestWrite()).isPositive();
    }

    @Test
    void aDatabaseThatBreaksAgainAndAgain_leavesUnknownOutcomes_andLosesNothing() throws Exception {
        FaultSwitch faults = new FaultSwitch(Duration.ZERO, Duration.ZERO);
        faults.turnTo(Fault.ERRORS);
        UserService service = new LegacyUserService(Transactions.of(new FaultyDataSource(database, faults)));

        Tally tally = drive(service, 2_000);

        CheckReport report = check();
        assertThat(report.findings()).isEmpty();
        assertThat(report.unknown()).isEqualTo(tally.unknownWrites()).isPositive();
        assertThat(tally.failedReads()).isPositive();
        assertThat(tally.staleReads()).isZero();
        assertThat(faults.failures()).isPositive();
    }

    /** The check's own proof: a service that acknowledges what it does not do is found out, key by key. */
    @Test
    void aServiceThatForgetsAcknowledgedWrites_isFoundOut() throws Exception {
        UserService honest = new LegacyUserService(Transactions.of(database));
        Set<Long> forgotten = ConcurrentHashMap.newKeySet();
        AtomicInteger calls = new AtomicInteger();
        UserService forgetful = replacingUpdates(honest, (id, change) -> {
            User user = honest.getUser(id).orElse(null);
            if (user == null || calls.incrementAndGet() % 7 != 0) {
                return honest.updateUser(id, change);
            }
            forgotten.add(id);
            return user.with(change);
        });

        Tally tally = drive(forgetful, 2_000);

        CheckReport report = check();
        Set<Long> found = report.findings().stream().map(Finding::user).collect(Collectors.toSet());
        assertThat(found).isNotEmpty().isSubsetOf(forgotten);
        assertThat(report.findings()).allMatch(finding -> finding.facet().equals(Facets.USER));
        assertThat(tally.staleReads()).isPositive();
    }

    @Test
    void aSecondDriver_goesOnWhereTheReceiptsEnd() throws Exception {
        UserService service = new LegacyUserService(Transactions.of(database));
        drive(service, 300);
        Witness.killed(directory.resolve("receipts"), InstantSource.system());
        drive(service, 300);

        CheckReport report = check();

        assertThat(report.findings()).isEmpty();
        assertThat(report.acknowledged()).isGreaterThanOrEqualTo(600);
    }

    @Test
    void aClientThatGivesUp_isToldAtTheEnd() {
        UserService service = new LegacyUserService(Transactions.of(database));
        UserService broken = replacingUpdates(service, (id, change) -> {
            throw new AssertionError("broken");
        });

        assertThatThrownBy(() -> drive(broken, Long.MAX_VALUE))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("broken");
    }

    private interface Update {
        User update(long id, UserChange change) throws SQLException;
    }

    private static UserService replacingUpdates(UserService service, Update update) {
        return (UserService) Proxy.newProxyInstance(
                LoadDriverIT.class.getClassLoader(), new Class<?>[] {UserService.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("updateUser")) {
                        return update.update((Long) arguments[0], (UserChange) arguments[1]);
                    }
                    try {
                        return method.invoke(service, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
