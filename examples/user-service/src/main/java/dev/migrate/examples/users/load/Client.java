package dev.migrate.examples.users.load;

import static dev.migrate.examples.users.receipts.Effects.ABSENT;

import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.UserServiceException;
import dev.migrate.examples.users.receipts.Effects;
import dev.migrate.examples.users.receipts.Facets;
import dev.migrate.examples.users.receipts.Receipt.Intent;
import dev.migrate.examples.users.receipts.Receipt.Kind;
import dev.migrate.examples.users.receipts.Receipt.Outcome;
import dev.migrate.examples.users.receipts.UserHistory;
import dev.migrate.examples.users.receipts.Witness;
import dev.migrate.examples.users.sample.People;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * One caller of the service, who notes what every write was answered and whether every read was allowed.
 *
 * <p>After a write of unknown outcome the client finds out, between its other calls, what has become of it: what can be
 * read is read, and a session is logged out. For one thread.
 */
final class Client {

    private final UserService service;
    private final Witness witness;
    private final People people;
    private final Population population;
    private final Tally tally;
    private final SplittableRandom random;
    private final Queue<Doubt> doubts = new ArrayDeque<>();

    Client(UserService service, Witness witness, People people, Population population, Tally tally, long seed) {
        this.service = service;
        this.witness = witness;
        this.people = people;
        this.population = population;
        this.tally = tally;
        this.random = new SplittableRandom(seed);
    }

    /** A facet of which it is not known what it holds. */
    private record Doubt(long user, String facet) {}

    void turn() {
        Doubt doubt = doubts.poll();
        if (doubt != null) {
            resolve(doubt);
        }
        switch (Turn.next(random)) {
            case GET_USER -> readUser(population.anybody(random));
            case GET_PROFILE -> readProfile(population.anybody(random));
            case UPDATE -> update(population.somebody(random));
            case PUT_PROFILE -> putProfile(population.somebody(random));
            case CREATE -> create(population.newId());
            case RETURN -> population.returning().ifPresent(this::create);
            case DELETE -> delete(population.somebody(random));
            case VERIFY_EMAIL -> verifyEmail(population.somebody(random));
            case LOGIN -> login(population.somebody(random));
            case LOGOUT -> logout(population.somebody(random));
        }
    }

    /** Finds out what can be found out now, trying each doubt once. */
    void resolveDoubts() {
        for (int i = doubts.size(); i > 0; i--) {
            resolve(doubts.remove());
        }
    }

    /** Has the client find out what the facets hold. */
    void doubt(long user, Set<String> facets) {
        facets.stream()
                .map(facet -> new Doubt(user, facet.equals(Facets.ACTIVE) ? Facets.USER : facet))
                .filter(doubt -> !doubts.contains(doubt))
                .forEach(doubts::add);
    }

    private void resolve(Doubt doubt) {
        boolean resolved;
        if (Facets.isSession(doubt.facet())) {
            resolved = logout(doubt.user(), Facets.sessionId(doubt.facet()));
        } else if (doubt.facet().equals(Facets.PROFILE)) {
            resolved = readProfile(doubt.user(), true);
        } else {
            resolved = readUser(doubt.user(), true);
        }
        if (!resolved && !doubts.contains(doubt)) {
            doubts.add(doubt);
        }
    }

    private void readUser(long id) {
        readUser(id, false);
    }

    private boolean readUser(long id, boolean note) {
        return read(id, note, () -> {
            Optional<User> user = service.getUser(id);
            return Effects.of(Facets.USER, user.map(Facets::digest).orElse(ABSENT))
                    .and(
                            Facets.ACTIVE,
                            user.map(u -> Boolean.toString(u.active())).orElse(ABSENT));
        });
    }

    private void readProfile(long id) {
        readProfile(id, false);
    }

    private boolean readProfile(long id, boolean note) {
        return read(id, note, () -> {
            Optional<Profile> profile = service.getProfile(id);
            return Effects.of(
                    Facets.PROFILE,
                    profile.map(Profile::content).map(Facets::digest).orElse(ABSENT));
        });
    }

    private interface Reading {
        Effects call() throws Exception;
    }

    private boolean read(long id, boolean note, Reading reading) {
        long since = witness.now();
        long start = System.nanoTime();
        Effects seen;
        try {
            seen = reading.call();
        } catch (Exception e) {
            tally.failedRead();
            return false;
        }
        UserHistory history = witness.histories().of(id);
        boolean allowed = seen.facets().stream()
                .allMatch(facet -> history.allows(facet, seen.on(facet).orElseThrow(), since));
        tally.read(since(start), !allowed);
        if (note && allowed) {
            witness.seen(id, since, seen);
        }
        return true;
    }

    private void create(long id) {
        write(
                id,
                Kind.CREATE,
                version -> Effects.GONE
                        .and(
                                Facets.USER,
                                Facets.digest(people.newUser(id, version).as(id)))
                        .and(Facets.ACTIVE, "false"),
                version -> service.createUser(id, people.newUser(id, version)));
    }

    private void update(long id) {
        write(
                id,
                Kind.UPDATE,
                version -> Effects.of(
                        Facets.USER, Facets.digest(people.newUser(id, version).as(id))),
                version -> service.updateUser(id, people.change(id, version)));
    }

    private void putProfile(long id) {
        write(
                id,
                Kind.PUT_PROFILE,
                version -> Effects.of(Facets.PROFILE, Facets.digest(people.profile(id, version))),
                version -> service.putProfile(id, people.profile(id, version)));
    }

    private void delete(long id) {
        if (write(id, Kind.DELETE, version -> Effects.GONE, version -> service.deleteUser(id))) {
            population.deleted(id);
        }
    }

    private void verifyEmail(long id) {
        write(id, Kind.VERIFY_EMAIL, version -> Effects.of(Facets.ACTIVE, "true"), version -> service.verifyEmail(id));
    }

    private void login(long id) {
        write(
                id,
                Kind.LOGIN,
                version -> Facets.of(people.login(id, version)),
                version -> service.login(id, people.login(id, version)));
    }

    /** Ends the last session that the user may have. */
    private void logout(long id) {
        UserHistory history = witness.histories().of(id);
        history.facets().stream()
                .filter(facet ->
                        Facets.isSession(facet) && !history.possible(facet).equals(Set.of(ABSENT)))
                .reduce((first, second) -> second)
                .ifPresent(facet -> logout(id, Facets.sessionId(facet)));
    }

    private boolean logout(long id, String sessionId) {
        return write(
                id,
                Kind.LOGOUT,
                version -> Effects.of(Facets.session(sessionId), ABSENT),
                version -> service.logout(id, sessionId));
    }

    /** Writes one version. */
    private interface Writing {
        void call(int version) throws Exception;
    }

    /** @return whether the write was acknowledged */
    private boolean write(long id, Kind kind, IntFunction<Effects> effects, Writing writing) {
        Intent intent = witness.begin(id, kind, effects);
        long start = System.nanoTime();
        try {
            writing.call(intent.version());
        } catch (UserServiceException e) {
            witness.settle(intent, Outcome.REJECTED);
            tally.rejected(since(start));
            return false;
        } catch (Exception e) {
            witness.settle(intent, Outcome.UNKNOWN);
            tally.unknown(since(start));
            doubt(id, doubtful(intent));
            return false;
        }
        witness.settle(intent, Outcome.ACKNOWLEDGED);
        tally.acknowledged(since(start));
        return true;
    }

    /** A session that a write has ended with the whole account was in doubt before, if at all. */
    private static Set<String> doubtful(Intent intent) {
        return intent.effects().replaceAll()
                ? Set.of(Facets.USER, Facets.PROFILE)
                : intent.effects().facets();
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
