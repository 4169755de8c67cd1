package dev.migrate.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.dualwrite.Staff.Person;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Whatever legacy's transactions make of a few rows, and wherever the shadow fails meanwhile, it comes to hold the same. */
class CopyGroupProperties {
    private static final int PEOPLE = 6;

    @Property(tries = 500)
    void shadowHoldsTheSameInTheEnd(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int transactions, @ForAll boolean failing) {
        Random random = new Random(seed);
        try (StaffFixture fixture = new StaffFixture(
                books -> books, options -> options.makeWay(StaffFixture::aside).parkAfter(1_000))) {
            for (int i = 0; i < transactions; i++) {
                if (failing) {
                    failSometimes(fixture, random);
                }
                shuffle(fixture, random);
                fixture.settle(random.nextInt(3));
            }
            fixture.idle();
            fixture.target.before = key -> {};
            fixture.settle(12);
            assertThat(fixture.target.rows()).isEqualTo(fixture.legacy.rows());
            assertThat(fixture.router.debt().isSettled()).isTrue();
            assertThat(fixture.target.commits)
                    .allMatch(rows -> rows.values().stream().noneMatch(CopyGroupProperties::makesWay));
        }
    }

    private static boolean makesWay(Person person) {
        return person.name() != null && person.name().startsWith(StaffFixture.ASIDE);
    }

    private static void failSometimes(StaffFixture fixture, Random random) {
        Random faults = new Random(random.nextLong());
        fixture.target.before = key -> {
            if (faults.nextInt(4) == 0) {
                throw new IOException("the connection is lost");
            }
        };
    }

    /** One transaction: each person keeps or gets a name of another's or none, any boss or none, or goes. */
    private static void shuffle(StaffFixture fixture, Random random) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            names.add("name " + i);
        }
        Collections.shuffle(names, random);
        Map<Long, Person> after = new TreeMap<>();
        for (long id = 0; id < PEOPLE; id++) {
            if (random.nextInt(5) > 0) {
                after.put(id, new Person(id, random.nextInt(4) == 0 ? null : names.get((int) id), boss(random)));
            }
        }
        after.replaceAll((id, person) -> person.boss() != null && after.containsKey(person.boss())
                ? person
                : new Person(id, person.name(), null));
        fixture.replaceAll(after);
    }

    private static @Nullable Long boss(Random random) {
        return random.nextBoolean() ? (Long) (long) random.nextInt(PEOPLE) : null;
    }
}
