package dev.migrate.examples.users.run;

import dev.migrate.Side;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Work;
import dev.migrate.examples.users.Login;
import dev.migrate.examples.users.NewUser;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileContent;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserChange;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.jdbc.SharedRecords;
import dev.migrate.examples.users.jdbc.SharedRecords.OwnedProfile;
import dev.migrate.examples.users.jdbc.Transactions;
import dev.migrate.examples.users.load.Latency;
import dev.migrate.examples.users.side.LegacyUserService;
import dev.migrate.examples.users.side.TargetUserService;
import java.sql.Connection;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The service that the clients call while it moves: each operation runs on the side that is authoritative for the user, in the
 * transaction that the router opens there, and what it changed is owed to the other side.
 */
final class RoutedUserService implements UserService {

    private final Routers routers;
    private final Latency legacyLatency;
    private final Latency targetLatency;

    RoutedUserService(Routers routers, Latency legacyLatency, Latency targetLatency) {
        this.routers = routers;
        this.legacyLatency = legacyLatency;
        this.targetLatency = targetLatency;
    }

    /** One endpoint, on one side. */
    private interface Endpoint<T> {
        T of(UserService service) throws Exception;
    }

    private <K, T> T call(DualWriteRouter<K, ?> router, K key, Endpoint<T> endpoint) {
        return router.within(key, work -> endpoint.of(on(work)));
    }

    private UserService on(Work work) {
        Transactions joined = Transactions.joining(work.unwrap(Connection.class));
        return work.side() == Side.LEGACY
                ? new LegacyUserService(joined.timed(legacyLatency::add))
                : new TargetUserService(joined.timed(targetLatency::add), InstantSource.system());
    }

    @Override
    public Optional<User> getUser(long id) {
        return routers.users.read(id);
    }

    @Override
    public Optional<Profile> getProfile(long id) {
        return routers.profiles.read(id).map(OwnedProfile::profile);
    }

    @Override
    public User createUser(long id, NewUser user) {
        return call(routers.users, id, service -> service.createUser(id, user));
    }

    @Override
    public User updateUser(long id, UserChange change) {
        return call(routers.users, id, service -> service.updateUser(id, change));
    }

    /** What hangs on the user goes by the foreign keys, past the routers: they are told of it. */
    @Override
    public boolean deleteUser(long id) {
        return routers.users.within(id, work -> {
            routers.profiles.touched(List.of(id));
            routers.sessions.touched(SharedRecords.sessionKeys(work.unwrap(Connection.class), id));
            return on(work).deleteUser(id);
        });
    }

    @Override
    public Profile putProfile(long id, ProfileContent content) {
        return call(routers.profiles, id, service -> service.putProfile(id, content));
    }

    @Override
    public User verifyEmail(long id) {
        return call(routers.users, id, service -> service.verifyEmail(id));
    }

    /** The target notes the time in the user's row, and its trigger the time of that change: the users' router is told of it. */
    @Override
    public Session login(long id, Login login) {
        return routers.sessions.within(List.of(id, login.sessionId()), work -> {
            routers.users.touched(List.of(id));
            return on(work).login(id, login);
        });
    }

    @Override
    public boolean logout(long id, String sessionId) {
        return call(routers.sessions, List.of(id, sessionId), service -> service.logout(id, sessionId));
    }
}
