package dev.migrate.examples.users;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code user_profiles}.
 *
 * @param id null lets the database that stores the row make it, and so for the two times
 * @param settings null where the side has none: a copy from there leaves the receiver's as they are
 */
public record Profile(
        @Nullable Long id,
        @Nullable String bio,
        @Nullable String avatarUrl,
        @Nullable LocalDate birthDate,
        @Nullable String location,
        @Nullable String website,
        Privacy privacy,
        @Nullable ProfileSettings settings,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt) {

    /** A profile of {@code content} whose id and times the database will make. */
    public static Profile of(ProfileContent content) {
        return new Profile(
                null,
                content.bio(),
                content.avatarUrl(),
                content.birthDate(),
                content.location(),
                content.website(),
                content.privacy(),
                null,
                null,
                null);
    }

    /** This profile with other content, its time of change left to the database. */
    public Profile with(ProfileContent content) {
        return new Profile(
                id,
                content.bio(),
                content.avatarUrl(),
                content.birthDate(),
                content.location(),
                content.website(),
                content.privacy(),
                settings,
                createdAt,
                null);
    }

    /** This profile as a database holds it. */
    public Profile storedAs(long storedId, Instant created, Instant updated) {
        return new Profile(storedId, bio, avatarUrl, birthDate, location, website, privacy, settings, created, updated);
    }

    /** What the user wrote, without what the databases made. */
    public ProfileContent content() {
        return new ProfileContent(bio, avatarUrl, birthDate, location, website, privacy);
    }

    public Profile withSettings(@Nullable ProfileSettings changed) {
        return new Profile(id, bio, avatarUrl, birthDate, location, website, privacy, changed, createdAt, updatedAt);
    }

    /** The id alone: a profile's data stays out of logs. */
    @Override
    public String toString() {
        return "Profile[" + id + "]";
    }
}
