package dev.migrate.examples.users.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.check.Finding.Kind;
import dev.migrate.examples.users.jdbc.Transactions;
import dev.migrate.examples.users.receipts.Effects;
import dev.migrate.examples.users.receipts.Facets;
import dev.migrate.examples.users.receipts.Receipt;
import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.Witness;
import dev.migrate.examples.users.run.Schema;
import dev.migrate.examples.users.sample.People;
import dev.migrate.examples.users.sample.Seeder;
import dev.migrate.examples.users.side.LegacyAccounts;
import dev.migrate.examples.users.side.LegacyUserService;
import dev.migrate.examples.users.side.TargetAccounts;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plants every kind of loss, and sees each found by its key, and nothing else. */
class LossCheckIT {

    private static final People PEOPLE = new People(5);
    private static final long USERS = 120;
    private static DataSource legacy;
    private static DataSource target;

    @TempDir
    Path directory;

    private Witness witness;
    private UserService service;

    @BeforeAll
    static void create() {
        legacy = TestDatabases.with(Schema.LEGACY);
        target = TestDatabases.with(Schema.TARGET);
    }

    @BeforeEach
    void seed() throws Exception {
        TestDatabases.execute(legacy, "delete from users");
        TestDatabases.execute(target, "delete from users");
        try (Connection connection = legacy.getConnection()) {
            new Seeder(PEOPLE).seed(connection, USERS, done -> {});
        }
        witness = Witness.open(
                directory.resolve("receipts"),
                user -> user <= USERS ? Facets.of(PEOPLE.seeded(user)) : Effects.GONE,
                InstantSource.system());
        service = new LegacyUserService(Transactions.of(legacy));
        update(7, Outcome.ACKNOWLEDGED);
        update(7, Outcome.ACKNOWLEDGED);
        create(USERS + 1);
        delete(9);
        copyAll();
    }

    @AfterEach
    void close() throws IOException {
        witness.close();
    }

    private void update(long user, Outcome outcome) throws SQLException {
        Intent intent = witness.begin(
                user,
                Receipt.Kind.UPDATE,
                version -> Effects.of(
                        Facets.USER, Facets.digest(PEOPLE.newUser(user, version).as(user))));
        service.updateUser(user, PEOPLE.change(user, intent.version()));
        witness.settle(intent, outcome);
    }

    private void create(long user) throws SQLException {
        Intent intent = witness.begin(
                user,
                Receipt.Kind.CREATE,
                version -> Facets.of(Account.of(PEOPLE.newUser(user, version).as(user))));
        service.createUser(user, PEOPLE.newUser(user, intent.version()));
        witness.settle(intent, Outcome.ACKNOWLEDGED);
    }

    private void delete(long user) throws SQLException {
        Intent intent = witness.begin(user, Receipt.Kind.DELETE, version -> Effects.GONE);
        service.deleteUser(user);
        witness.settle(intent, Outcome.ACKNOWLEDGED);
    }

    private void copyAll() throws SQLException {
        try (Connection from = legacy.getConnection();
                Connection to = target.getConnection()) {
            for (long user = 1; user <= USERS + 1; user++) {
                Account account = new LegacyAccounts().find(from, user).orElse(null);
                if (account == null) {
                    new TargetAccounts().delete(to, user);
                } else {
                    new TargetAccounts().save(to, account);
                }
            }
        }
    }

    private CheckReport check() throws SQLException {
        return new LossCheck(witness.histories(), USERS)
                .of(new Database("legacy", legacy), new Database("target", target));
    }

    private CheckReport checkTarget() throws SQLException {
        return new LossCheck(witness.histories(), USERS).of(new Database("target", target));
    }

    private static void plant(String sql) {
        TestDatabases.execute(target, sql);
    }

    private static void assertOnly(CheckReport report, long user, String facet, Kind kind) {
        assertThat(report.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.user()).isEqualTo(user);
            assertThat(finding.facet()).isEqualTo(facet);
            assertThat(finding.kind()).isEqualTo(kind);
            assertThat(finding.database()).isEqualTo("target");
        });
        assertThat(report.lost()).isEqualTo(1);
        assertThat(report.clean()).isFalse();
    }

    private static long first(LongPredicate wanted) {
        return LongStream.rangeClosed(20, USERS).filter(wanted).findFirst().orElseThrow();
    }

    @Test
    void nothingIsFound_whereNothingIsLost() throws SQLException {
        CheckReport report = check();

        assertThat(report.findings()).isEmpty();
        assertThat(report.clean()).isTrue();
        assertThat(report.users()).isEqualTo(USERS + 1);
        assertThat(report.acknowledged()).isEqualTo(4);
    }

    @Test
    void anOlderVersion_isFound() throws SQLException {
        plant("update users set email = 'user7.v1@example.org' where id = 7");
        TestDatabases.execute(
                target,
                "update users set (first_name, last_name, phone) = ("
                        + literal(PEOPLE.change(7, 1).firstName()) + ", "
                        + literal(PEOPLE.change(7, 1).lastName()) + ", "
                        + literal(PEOPLE.change(7, 1).phone()) + ") where id = 7");

        CheckReport report = checkTarget();

        assertOnly(report, 7, Facets.USER, Kind.LOST);
        assertThat(report.findings().get(0).detail()).isEqualTo("version 2 was acknowledged, version 1 is there");
    }

    @Test
    void aCreatedUserWhoIsMissing_isFound() throws SQLException {
        plant("delete from users where id = " + (USERS + 1));

        CheckReport report = checkTarget();

        assertThat(report.findings()).allMatch(finding -> finding.user() == USERS + 1 && finding.kind() == Kind.LOST);
        assertThat(report.findings()).extracting(Finding::facet).containsExactly(Facets.ACTIVE, Facets.USER);
    }

    @Test
    void aUserWhoWasNeverCopied_isFound() throws SQLException {
        long user = first(id -> PEOPLE.seeded(id).profile() == null
                && PEOPLE.seeded(id).sessions().isEmpty());
        plant("delete from users where id = " + user);

        assertThat(checkTarget().findings())
                .extracting(Finding::user, Finding::kind)
                .containsOnly(tuple(user, Kind.LOST));
    }

    @Test
    void aLostProfile_isFound() throws SQLException {
        long user = first(id -> PEOPLE.seeded(id).profile() != null);
        plant("delete from user_profiles where user_id = " + user);

        assertOnly(checkTarget(), user, Facets.PROFILE, Kind.LOST);
    }

    @Test
    void aLostSession_isFound() throws SQLException {
        long user = first(id -> !PEOPLE.seeded(id).sessions().isEmpty());
        plant("delete from user_sessions where user_id = " + user);

        String session = PEOPLE.seeded(user).sessions().get(0).id();
        assertOnly(checkTarget(), user, Facets.session(session), Kind.LOST);
    }

    @Test
    void aSessionThatNobodyOpened_isFound() throws SQLException {
        plant("insert into user_sessions (id, user_id, expires_at) values ('stranger', 8, timestamp '2100-01-01')");

        assertOnly(checkTarget(), 8, Facets.session("stranger"), Kind.FOREIGN);
    }

    @Test
    void aDeletedUserWhoIsThereAgain_isFound() throws SQLException {
        try (Connection connection = target.getConnection()) {
            new TargetAccounts().save(connection, Account.of(PEOPLE.seeded(9).user()));
        }

        assertThat(checkTarget().findings())
                .extracting(Finding::user, Finding::facet, Finding::kind)
                .containsExactly(tuple(9L, Facets.ACTIVE, Kind.RETURNED), tuple(9L, Facets.USER, Kind.RETURNED));
    }

    @Test
    void aUserWhomNobodyCreated_isFound_betweenAndAfterTheOthers() throws SQLException {
        for (long stranger : new long[] {USERS + 500, -3}) {
            plant("insert into users (id, username, email, password_hash) values (" + stranger + ", 'stranger"
                    + stranger + "', 'stranger" + stranger + "@example.org', repeat('x', 60))");
        }

        assertThat(checkTarget().findings())
                .extracting(Finding::user, Finding::kind)
                .containsExactly(tuple(-3L, Kind.FOREIGN), tuple(USERS + 500, Kind.FOREIGN));
    }

    @Test
    void anActivationThatIsLost_isFound() throws SQLException {
        long user = first(id -> !PEOPLE.seeded(id).user().active());
        Intent intent = witness.begin(user, Receipt.Kind.VERIFY_EMAIL, version -> Effects.of(Facets.ACTIVE, "true"));
        service.verifyEmail(user);
        witness.settle(intent, Outcome.ACKNOWLEDGED);

        assertOnly(checkTarget(), user, Facets.ACTIVE, Kind.LOST);
    }

    @Test
    void timesThatDiffer_areADivergence_notALoss() throws SQLException {
        plant("update users set updated_at = updated_at + interval '1 microsecond' where id = 11");
        assertThat(checkTarget().clean()).isTrue();

        CheckReport report = check();

        assertThat(report.lost()).isZero();
        assertThat(report.diverged()).isEqualTo(1);
        assertThat(report.findings().get(0))
                .returns(11L, Finding::user)
                .returns(Kind.DIVERGED, Finding::kind)
                .returns("legacy and target", Finding::database);
    }

    @Test
    void aLossInLegacy_isFoundThere() throws SQLException {
        TestDatabases.execute(legacy, "delete from users where id = 7");

        assertThat(check().findings())
                .filteredOn(finding -> finding.kind() == Kind.LOST)
                .isNotEmpty()
                .allMatch(finding -> finding.database().equals("legacy") && finding.user() == 7);
    }

    @Test
    void aWriteOfUnknownOutcome_mayBeThereOrNot() throws SQLException {
        update(12, Outcome.UNKNOWN);

        assertThat(checkTarget().clean()).isTrue();
        copyAll();
        assertThat(checkTarget().clean()).isTrue();
    }

    @Test
    void aWriteOfUnknownOutcome_thatWasSeen_mustStay() throws SQLException {
        update(12, Outcome.UNKNOWN);
        witness.seen(
                12,
                witness.now(),
                Effects.of(Facets.USER, Facets.digest(PEOPLE.newUser(12, 1).as(12))));

        assertOnly(checkTarget(), 12, Facets.USER, Kind.LOST);
    }

    private static String literal(String text) {
        return text == null ? "null" : "'" + text.replace("'", "''") + "'";
    }
}
