package dev.migrate.examples.users.run;

import dev.migrate.Migration;
import dev.migrate.Records;
import dev.migrate.backfill.Backfill;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.DualWriteRouterBuilder;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserServiceException;
import dev.migrate.examples.users.jdbc.SharedRecords;
import dev.migrate.examples.users.jdbc.SharedRecords.OwnedProfile;
import dev.migrate.examples.users.jdbc.SharedRecords.OwnedSession;
import dev.migrate.jdbc.JdbcTable;
import dev.migrate.jdbc.JoiningDataSource;
import dev.migrate.reconcile.Reconciliation;
import java.time.Duration;
import java.util.List;

/**
 * The three kinds of records of the user service: a router and a pair of tables for each.
 *
 * <p>All of a user falls into one bucket, so that it moves at once.
 */
final class Routers implements AutoCloseable {

    final DualWriteRouter<Long, User> users;
    final DualWriteRouter<Long, OwnedProfile> profiles;
    final DualWriteRouter<List<Object>, OwnedSession> sessions;
    private final Migration migration;
    private final JoiningDataSource legacy;
    private final JoiningDataSource target;

    Routers(Migration migration, JoiningDataSource legacy, JoiningDataSource target) {
        this.migration = migration;
        this.legacy = legacy;
        this.target = target;
        this.users = built("users", SharedRecords.users(legacy), SharedRecords.users(target))
                .key(User::id)
                .build();
        this.profiles = built("profiles", SharedRecords.profiles(legacy), SharedRecords.profiles(target))
                .key(OwnedProfile::userId)
                .build();
        this.sessions = built("sessions", SharedRecords.sessions(legacy), SharedRecords.sessions(target))
                .key(OwnedSession::key)
                .partition(key -> key.get(0))
                .build();
    }

    private <K, V> DualWriteRouterBuilder<K, V> built(String name, Records<K, V> legacy, Records<K, V> target) {
        return DualWriteRouter.of(migration)
                .legacy(JournalSwitch.apply(legacy))
                .target(JournalSwitch.apply(target))
                .records(name)
                .business(UserServiceException.class)
                .repairEvery(Duration.ofMillis(250));
    }

    List<DualWriteRouter<?, ?>> all() {
        return List.of(users, profiles, sessions);
    }

    /** In the order of the foreign keys. */
    List<Backfill> backfills() {
        return List.of(
                backfill("users", "users", "id"),
                backfill("profiles", "user_profiles", "user_id"),
                backfill("sessions", "user_sessions", "user_id", "id"));
    }

    List<Reconciliation> reconciliations() {
        return List.of(
                reconciliation("users", "users", "id"),
                reconciliation("profiles", "user_profiles", "user_id"),
                reconciliation("sessions", "user_sessions", "user_id", "id"));
    }

    private Backfill backfill(String records, String table, String... key) {
        return Backfill.of(migration)
                .legacy(table(legacy, records, table, key))
                .target(table(target, records, table, key))
                .build();
    }

    private Reconciliation reconciliation(String records, String table, String... key) {
        return Reconciliation.of(migration)
                .legacy(table(legacy, records, table, key))
                .target(table(target, records, table, key))
                .build();
    }

    private static JdbcTable table(JoiningDataSource database, String records, String table, String... key) {
        JdbcTable named = JdbcTable.of(database, table).records(records).key(key);
        return key.length == 1
                ? named
                : named.keyAs(Long.class, String.class).partition(whole -> ((List<?>) whole).get(0));
    }

    /** What is still owed, of all three kinds. */
    long owed() {
        return all().stream().mapToLong(router -> router.debt().keys()).sum();
    }

    @Override
    public void close() {
        all().forEach(DualWriteRouter::close);
    }
}
