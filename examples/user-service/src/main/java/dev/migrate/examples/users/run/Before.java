package dev.migrate.examples.users.run;

import dev.migrate.examples.users.receipts.Effects;
import dev.migrate.examples.users.receipts.Facets;
import dev.migrate.examples.users.sample.People;
import java.util.function.LongFunction;

/** What each account held before the clients began: the seeded ones what they were seeded with, all others nothing. */
record Before(People people, long rows) implements LongFunction<Effects> {

    Before(long seed, long rows) {
        this(new People(seed), rows);
    }

    @Override
    public Effects apply(long user) {
        return user >= 1 && user <= rows ? Facets.of(people.seeded(user)) : Effects.GONE;
    }
}
