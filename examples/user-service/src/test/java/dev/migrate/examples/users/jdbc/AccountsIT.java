package dev.migrate.examples.users.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Preference;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileSettings;
import dev.migrate.examples.users.SessionKind;
import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.Verification;
import dev.migrate.examples.users.run.Schema;
import dev.migrate.examples.users.sample.People;
import dev.migrate.examples.users.side.LegacyAccounts;
import dev.migrate.examples.users.side.TargetAccounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccountsIT {

    private static final People PEOPLE = new People(7);
    private static DataSource legacyDatabase;
    private static DataSource targetDatabase;

    private final Accounts legacy = new LegacyAccounts();
    private final Accounts target = new TargetAccounts();
    private Connection legacyConnection;
    private Connection targetConnection;

    @BeforeAll
    static void create() {
        legacyDatabase = TestDatabases.with(Schema.LEGACY);
        targetDatabase = TestDatabases.with(Schema.TARGET);
    }

    @BeforeEach
    void begin() throws SQLException {
        legacyConnection = legacyDatabase.getConnection();
        targetConnection = targetDatabase.getConnection();
        legacyConnection.setAutoCommit(false);
        targetConnection.setAutoCommit(false);
    }

    @AfterEach
    void rollBack() throws SQLException {
        legacyConnection.rollback();
        legacyConnection.close();
        targetConnection.rollback();
        targetConnection.close();
    }

    private Accounts accounts(Schema side) {
        return side == Schema.LEGACY ? legacy : target;
    }

    private Connection connection(Schema side) {
        return side == Schema.LEGACY ? legacyConnection : targetConnection;
    }

    /** Seeded accounts with and without a profile, with and without sessions. */
    private static Stream<Account> samples() {
        return LongStream.rangeClosed(1, 60).mapToObj(PEOPLE::seeded);
    }

    private static Account sampleWithProfileAndSession() {
        return samples()
                .filter(account ->
                        account.profile() != null && !account.sessions().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource
    void find_afterSave_givesWhatWasSaved(Schema side) throws SQLException {
        for (Account account : samples().toList()) {
            Account saved = accounts(side).save(connection(side), account);

            assertThat(saved.shared()).isEqualTo(account);
            assertThat(accounts(side).find(connection(side), account.id())).hasValue(saved);
        }
    }

    @ParameterizedTest
    @EnumSource
    void save_again_changesNothing(Schema side) throws SQLException {
        Account saved = accounts(side).save(connection(side), sampleWithProfileAndSession());

        assertThat(accounts(side).save(connection(side), saved)).isEqualTo(saved);
    }

    @ParameterizedTest
    @EnumSource
    void save_withoutIdsAndTimes_takesThemFromTheDatabase(Schema side) throws SQLException {
        Account sample = sampleWithProfileAndSession();
        Account account = Account.of(PEOPLE.newUser(sample.id(), 1).as(sample.id()))
                .with(Profile.of(PEOPLE.profile(sample.id(), 1)))
                .withSessions(List.of(PEOPLE.login(sample.id(), 1).session()));

        Account saved = accounts(side).save(connection(side), account);

        assertThat(saved.user().createdAt()).isNotNull();
        assertThat(saved.user().updatedAt()).isNotNull();
        assertThat(saved.profile().id()).isNotNull();
        assertThat(saved.profile().createdAt()).isNotNull();
        assertThat(saved.sessions().get(0).lastActivity()).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void save_ofLess_removesTheRest(Schema side) throws SQLException {
        Account sample = sampleWithProfileAndSession();
        accounts(side).save(connection(side), sample);

        Account saved = accounts(side).save(connection(side), Account.of(sample.user()));

        assertThat(saved.profile()).isNull();
        assertThat(saved.sessions()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void delete_removesEverything_andSaysWhetherThereWasSomething(Schema side) throws SQLException {
        Account sample = sampleWithProfileAndSession();
        accounts(side).save(connection(side), sample);

        assertThat(accounts(side).delete(connection(side), sample.id())).isTrue();

        assertThat(accounts(side).find(connection(side), sample.id())).isEmpty();
        assertThat(accounts(side).delete(connection(side), sample.id())).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void create_ofATakenId_storesNothing(Schema side) throws SQLException {
        Account sample = sampleWithProfileAndSession();
        Account other = Account.of(PEOPLE.newUser(sample.id(), 9).as(sample.id()));

        assertThat(accounts(side).create(connection(side), sample)).isPresent();
        assertThat(accounts(side).create(connection(side), other)).isEmpty();

        assertThat(accounts(side).find(connection(side), sample.id()).map(Account::shared))
                .hasValue(sample);
    }

    @Test
    void target_keepsWhatOnlyItKnows_whenLegacyIsCopiedOverIt() throws SQLException {
        Account sample = sampleWithProfileAndSession();
        Verification verification = new Verification(
                Instant.parse("2026-01-02T03:04:05.123456Z"), null, true, Instant.parse("2026-01-03T00:00:00Z"));
        ProfileSettings settings = new ProfileSettings("Europe/Zurich", "de");
        SessionKind kind = new SessionKind("mobile", true);
        Account rich = sample.with(verification)
                .with(sample.profile().withSettings(settings))
                .withSessions(List.of(sample.sessions().get(0).withKind(kind)))
                .withPreferences(List.of(new Preference("theme", "{\"dark\": true}")));
        assertThat(target.save(targetConnection, rich)).isEqualTo(rich);

        Account copied = legacy.save(legacyConnection, sample.with(sample.user().with(PEOPLE.change(sample.id(), 3))));
        Account merged = target.save(targetConnection, copied);

        assertThat(merged.shared()).isEqualTo(copied);
        assertThat(merged.verification()).isEqualTo(verification);
        assertThat(Objects.requireNonNull(merged.profile()).settings()).isEqualTo(settings);
        assertThat(merged.sessions().get(0).kind()).isEqualTo(kind);
        assertThat(merged.preferences()).isEqualTo(rich.preferences());
    }

    @Test
    void target_givesDefaults_toWhatLegacyDoesNotHave() throws SQLException {
        Account saved = target.save(targetConnection, sampleWithProfileAndSession());

        assertThat(saved.verification()).isEqualTo(Verification.NONE);
        assertThat(Objects.requireNonNull(saved.profile()).settings()).isEqualTo(new ProfileSettings("UTC", "en"));
        assertThat(saved.sessions().get(0).kind()).isEqualTo(new SessionKind("web", false));
        assertThat(saved.preferences()).isEmpty();
    }

    @Test
    void preferences_areReplaced() throws SQLException {
        Account sample = sampleWithProfileAndSession();
        target.save(
                targetConnection, sample.withPreferences(List.of(new Preference("a", "1"), new Preference("b", null))));

        List<Preference> changed = List.of(new Preference("b", "[2]"), new Preference("c", "\"three\""));
        Account saved = target.save(targetConnection, sample.withPreferences(changed));

        assertThat(saved.preferences()).isEqualTo(changed);
    }

    @Test
    void target_copiedBackToLegacy_isTheSameInWhatBothHave() throws SQLException {
        Account stored = target.save(targetConnection, sampleWithProfileAndSession());

        assertThat(legacy.save(legacyConnection, stored)).isEqualTo(stored.shared());
    }
}
