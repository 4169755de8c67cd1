package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.MigrationStore;
import dev.migrate.MigrationThreads;
import dev.migrate.flag.Flags;
import dev.migrate.flag.PercentageFlag;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;

/** Builds what the properties describe; called by the container for the definitions of {@link DescribedBeans}. */
final class MigrateBeanFactory {
    private final MigrateProperties properties;
    private final ObjectProvider<MigrationStore> store;
    private final ObjectProvider<Flags> flags;
    private final MigrationThreads threads;
    private final MigrationOperator operator;
    private final ContextListeners listeners;

    MigrateBeanFactory(
            MigrateProperties properties,
            ObjectProvider<MigrationStore> store,
            ObjectProvider<Flags> flags,
            MigrationThreads threads,
            MigrationOperator operator,
            ContextListeners listeners) {
        this.properties = properties;
        this.store = store;
        this.flags = flags;
        this.threads = threads;
        this.operator = operator;
        this.listeners = listeners;
    }

    Migration migration(String name) {
        String property = "migrate.migrations." + name;
        MigrateProperties.MigrationOptions options =
                Objects.requireNonNull(properties.migrations().get(name), property);
        return Options.of(property, name, () -> Migration.named(name))
                .store(store(property))
                .threads(threads)
                .operator(operator::name)
                .listener(listeners::on)
                .refreshEvery(Options.positive("migrate.refresh-every", properties.refreshEvery()))
                .stepBudget(Options.positive(property + ".step-budget", options.stepBudget()))
                .build();
    }

    PercentageFlag flag(String name) {
        String property = "migrate.flags." + name;
        MigrateProperties.FlagOptions options =
                Objects.requireNonNull(properties.flags().get(name), property);
        store(property);
        PercentageFlag.Builder flag =
                Options.of(property, name, () -> flags.getObject().named(name));
        Options.of(property + ".percent", options.percent(), () -> flag.percent(options.percent()));
        options.alwaysOn().forEach(key -> Options.of(property + ".always-on", key, () -> flag.alwaysOn(key)));
        options.alwaysOff().forEach(key -> Options.of(property + ".always-off", key, () -> flag.alwaysOff(key)));
        return flag.build();
    }

    Flags flags() {
        return Flags.of(store("migrate.flags"))
                .threads(threads)
                .operator(operator::name)
                .listener(listeners::on)
                .refreshEvery(Options.positive("migrate.refresh-every", properties.refreshEvery()))
                .build();
    }

    private MigrationStore store(String property) {
        MigrationStore found = store.getIfAvailable();
        if (found == null) {
            throw new WiringException(
                    property + " needs a store, but there is neither a bean of type MigrationStore nor a DataSource"
                            + " with migrate-jdbc beside it",
                    "add migrate-jdbc and a DataSource, or define a MigrationStore bean, in a test an InMemoryMigrationStore");
        }
        return found;
    }
}
