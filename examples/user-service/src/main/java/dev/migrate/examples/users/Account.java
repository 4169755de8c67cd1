package dev.migrate.examples.users;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that moves together under one user's id: the user, the profile, the sessions and the preferences.
 *
 * <p>Legacy has fewer columns than the target. What a side does not have is null here, and storing an account leaves
 * such columns as they are: a copy from legacy never takes away what only the target knows.
 *
 * @param verification null where the side has none
 * @param profile null where the user has none
 * @param sessions in the order of their ids
 * @param preferences null where the side has none, otherwise in the order of their keys
 */
public record Account(
        User user,
        @Nullable Verification verification,
        @Nullable Profile profile,
        List<Session> sessions,
        @Nullable List<Preference> preferences) {

    public Account {
        sessions = sessions.stream().sorted(Comparator.comparing(Session::id)).toList();
        preferences = preferences == null
                ? null
                : preferences.stream()
                        .sorted(Comparator.comparing(Preference::key))
                        .toList();
    }

    /** An account of a user alone. */
    public static Account of(User user) {
        return new Account(user, null, null, List.of(), null);
    }

    public long id() {
        return user.id();
    }

    public Account with(User changed) {
        return new Account(changed, verification, profile, sessions, preferences);
    }

    public Account with(Verification changed) {
        return new Account(user, changed, profile, sessions, preferences);
    }

    public Account with(Profile changed) {
        return new Account(user, verification, changed, sessions, preferences);
    }

    public Account withSessions(List<Session> changed) {
        return new Account(user, verification, profile, changed, preferences);
    }

    public Account withPreferences(List<Preference> changed) {
        return new Account(user, verification, profile, sessions, changed);
    }

    /** The part that both schemas have: equal on both sides once a write has been copied. */
    public Account shared() {
        return new Account(
                user,
                null,
                profile == null ? null : profile.withSettings(null),
                sessions.stream().map(session -> session.withKind(null)).toList(),
                null);
    }

    /** The id alone: an account's data stays out of logs. */
    @Override
    public String toString() {
        return "Account[" + id() + "]";
    }
}
