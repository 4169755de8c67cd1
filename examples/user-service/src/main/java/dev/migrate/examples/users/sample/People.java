package dev.migrate.examples.users.sample;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.Login;
import dev.migrate.examples.users.NewUser;
import dev.migrate.examples.users.Privacy;
import dev.migrate.examples.users.Profile;
import dev.migrate.examples.users.ProfileContent;
import dev.migrate.examples.users.Session;
import dev.migrate.examples.users.User;
import dev.migrate.examples.users.UserChange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What every user is called, writes and owns: a function of a seed, the user's id and the version of a write, so that
 * any process can work out any value again. Values of different versions differ.
 */
public final class People {

    private static final Instant FIRST_SIGN_UP = Instant.parse("2019-01-01T00:00:00Z");
    private static final Instant NO_EXPIRY_SOON = Instant.parse("2100-01-01T00:00:00Z");
    private static final List<String> FIRST_NAMES =
            List.of("Ada", "Grace", "Zoë", "Björn", "José", "Łukasz", "Ольга", "花子", "محمد", "O'Neil", "Anne-Marie");
    private static final List<String> LAST_NAMES =
            List.of("Lovelace", "Hopper", "Núñez", "Müller", "Şahin", "Đorđević", "佐藤", "van der Berg", "D'Arcy");
    private static final List<String> PLACES = List.of("Zürich", "Paris", "東京", "São Paulo", "Tromsø", "Ljubljana");
    private static final List<String> SENTENCES = List.of(
            "Reads \"everything\".",
            "Walks;\truns, swims.",
            "First line\nsecond line.",
            "C:\\temp and 100 % sure.",
            "Likes 🦉 and naïve questions.",
            "\\N is not null.");
    private static final List<String> AGENTS = List.of(
            "Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone) Mobile/15E148", "curl/8.9", "app/2.1 (Mobile)");

    private final long seed;

    public People(long seed) {
        this.seed = seed;
    }

    public NewUser newUser(long id, int version) {
        UserChange content = change(id, version);
        return new NewUser(
                username(id),
                content.email(),
                password(id),
                content.firstName(),
                content.lastName(),
                content.phone());
    }

    public UserChange change(long id, int version) {
        SplittableRandom random = random(id, version, 'u');
        return new UserChange(
                username(id) + ".v" + version + "@example.org",
                sometimes(90, random, one(FIRST_NAMES, random)),
                sometimes(90, random, one(LAST_NAMES, random)),
                sometimes(70, random, "+41 44 " + random.nextInt(1_000_000, 10_000_000)));
    }

    public ProfileContent profile(long id, int version) {
        SplittableRandom random = random(id, version, 'p');
        return new ProfileContent(
                "v" + version + ". " + one(SENTENCES, random) + " " + one(SENTENCES, random),
                sometimes(60, random, "https://img.example.org/" + id + "/" + version + ".png"),
                sometimes(80, random, LocalDate.of(1900, 1, 1).plusDays(random.nextInt(40_000))),
                sometimes(80, random, one(PLACES, random)),
                sometimes(30, random, ""),
                one(List.of(Privacy.values()), random));
    }

    public Login login(long id, int version) {
        SplittableRandom random = random(id, version, 's');
        return new Login(
                id + "." + version + "." + HexFormat.of().toHexDigits(random.nextLong()),
                password(id),
                sometimes(90, random, "2001:db8::" + Integer.toHexString(random.nextInt(0xffff))),
                sometimes(90, random, one(AGENTS, random)),
                NO_EXPIRY_SOON.plusSeconds(version));
    }

    /** The account as it stands in legacy before anything moves: version 0 of everything. */
    public Account seeded(long id) {
        SplittableRandom random = random(id, 0, 'a');
        Instant signUp = FIRST_SIGN_UP.plusSeconds(random.nextLong(150_000_000));
        Instant change = signUp.plus(Duration.ofNanos(random.nextLong(1_000_000_000) * 1_000));
        User user = newUser(id, 0).as(id);
        Profile profile = random.nextInt(100) < 80
                ? Profile.of(profile(id, 0)).storedAs(id, signUp, change)
                : null;
        List<Session> sessions = new ArrayList<>();
        if (random.nextInt(100) < 20) {
            sessions.add(login(id, 0).session().storedAt(change));
        }
        Account account = Account.of(user.storedAt(random.nextInt(100) < 90, signUp, change));
        return (profile == null ? account : account.with(profile)).withSessions(sessions);
    }

    private static String username(long id) {
        return "user" + id;
    }

    private static String password(long id) {
        return "secret of " + id;
    }

    private SplittableRandom random(long id, int version, char what) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + id * 0xC2B2AE3D27D4EB4FL + version * 31L + what);
    }

    private static <T> T one(List<T> from, SplittableRandom random) {
        return from.get(random.nextInt(from.size()));
    }

    private static <T> @Nullable T sometimes(int percent, SplittableRandom random, T value) {
        return random.nextInt(100) < percent ? value : null;
    }
}
