package dev.migrate.examples.users.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.Account;
import dev.migrate.examples.users.UserChange;
import dev.migrate.examples.users.receipts.Facets;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PeopleProperties {

    @Property
    void theSameSeed_givesTheSamePeople(
            @ForAll long seed,
            @ForAll @LongRange(min = 1, max = 100_000_000) long id,
            @ForAll @IntRange(max = 5000) int v) {
        People people = new People(seed);
        People again = new People(seed);

        assertThat(people.seeded(id)).isEqualTo(again.seeded(id));
        assertThat(people.newUser(id, v)).isEqualTo(again.newUser(id, v));
        assertThat(people.profile(id, v)).isEqualTo(again.profile(id, v));
        assertThat(people.login(id, v)).isEqualTo(again.login(id, v));
    }

    @Property
    void versions_haveDifferentDigests(
            @ForAll @LongRange(min = 1, max = 100_000_000) long id,
            @ForAll @IntRange(max = 5000) int one,
            @ForAll @IntRange(max = 5000) int other) {
        People people = new People(1);
        boolean same = one == other;

        assertThat(Facets.digest(people.newUser(id, one).as(id))
                        .equals(Facets.digest(people.newUser(id, other).as(id))))
                .isEqualTo(same);
        assertThat(Facets.digest(people.profile(id, one)).equals(Facets.digest(people.profile(id, other))))
                .isEqualTo(same);
        assertThat(people.login(id, one)
                        .sessionId()
                        .equals(people.login(id, other).sessionId()))
                .isEqualTo(same);
    }

    @Property
    void everything_fitsBothSchemas(
            @ForAll long seed, @ForAll @LongRange(min = 1) long id, @ForAll @IntRange(max = 1_000_000) int v) {
        People people = new People(seed);
        UserChange change = people.change(id, v);

        assertThat(change.email()).hasSizeLessThanOrEqualTo(255).contains("@");
        assertThat(Objects.requireNonNullElse(change.phone(), "0123456789")).hasSizeBetween(10, 20);
        assertThat(Objects.requireNonNull(people.profile(id, v).bio())).hasSizeLessThanOrEqualTo(255);
        assertThat(people.newUser(id, v).as(id).passwordHash()).hasSizeBetween(60, 255);
        assertThat(people.login(id, v).sessionId()).hasSizeLessThanOrEqualTo(128);
        Account seeded = people.seeded(id);
        assertThat(seeded.user().updatedAt()).isAfterOrEqualTo(seeded.user().createdAt());
    }
}
