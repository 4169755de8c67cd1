package dev.migrate.spring;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.dualwrite.Guarantee;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.service.ServiceRouter;
import dev.migrate.side.Debt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/**
 * The actuator's {@code migrations}: where everything stands, what is owed, and who moved it why. It changes nothing, and it
 * never shows a key.
 */
@Endpoint(id = "migrations")
class MigrationsEndpoint {
    private static final int AUDIT_LIMIT = 100;
    private final ListableBeanFactory beans;

    MigrationsEndpoint(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** All migrations and flags. */
    record Overview(List<Standing> migrations, List<FlagShare> flags) {}

    /** Where a migration stands; the share is that of the keys on the next stage, in percent. */
    record Standing(String name, String position, String stage, double percent, long epoch, List<Owing> owing) {}

    /** What the two sides of a router owe each other; {@code problem} where they could not be asked. */
    record Owing(
            String router,
            String guarantee,
            @Nullable Long keys,
            @Nullable Long parked,
            @Nullable Long dismissed,
            @Nullable String oldest,
            @Nullable String problem) {}

    /** The share of keys for which a flag is on. */
    record FlagShare(String name, String percent) {}

    /** One migration with the newest of its audit trail, newest first. */
    record Detail(Standing standing, List<Change> audit) {}

    /** One change of position. */
    record Change(
            long epoch,
            String at,
            String who,
            String why,
            @Nullable String from,
            String to) {}

    @ReadOperation
    Overview overview() {
        List<Standing> standings = migrations().stream().map(this::standing).toList();
        List<FlagShare> flags = beans.getBeansOfType(PercentageFlag.class).values().stream()
                .map(flag -> new FlagShare(flag.name(), flag.current().toString()))
                .toList();
        return new Overview(standings, flags);
    }

    @ReadOperation
    @Nullable Detail migration(@Selector String name) {
        return migrations().stream()
                .filter(migration -> migration.name().equals(name))
                .findFirst()
                .map(migration -> new Detail(
                        standing(migration),
                        migration.audit(AUDIT_LIMIT).stream()
                                .map(MigrationsEndpoint::change)
                                .toList()))
                .orElse(null);
    }

    private List<Migration> migrations() {
        return List.copyOf(beans.getBeansOfType(Migration.class).values());
    }

    private Standing standing(Migration migration) {
        Migration.View view = migration.view();
        return new Standing(
                migration.name(),
                view.position().toString(),
                view.position().stage().name(),
                view.position().partsPerMillion() / 10_000.0,
                view.epoch(),
                owing(migration));
    }

    private List<Owing> owing(Migration migration) {
        List<Owing> owing = new ArrayList<>();
        beans.getBeansOfType(DualWriteRouter.class).forEach((name, router) -> {
            if (router.migration() == migration) {
                owing.add(owing(name, router.guarantee(), router::debt));
            }
        });
        beans.getBeansOfType(ServiceRouter.class).forEach((name, router) -> {
            if (router.migration() == migration) {
                owing.add(owing(name, router.guarantee(), router::debt));
            }
        });
        return owing;
    }

    private static Owing owing(String router, Guarantee guarantee, Supplier<Debt> asked) {
        try {
            Debt debt = asked.get();
            String oldest = debt.oldest().map(Instant::toString).orElse(null);
            return new Owing(router, guarantee.name(), debt.keys(), debt.parked(), debt.dismissed(), oldest, null);
        } catch (RuntimeException unreachable) {
            // the class alone: a message may quote a row
            return new Owing(
                    router,
                    guarantee.name(),
                    null,
                    null,
                    null,
                    null,
                    unreachable.getClass().getName());
        }
    }

    private static Change change(AuditEntry entry) {
        return new Change(entry.version(), entry.at().toString(), entry.who(), entry.why(), entry.from(), entry.to());
    }
}
