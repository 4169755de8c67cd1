package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationListener;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.micrometer.MigrationMeters;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Lets the meters watch every migration, flag and router of the context. Migrations tell the meters themselves; of all the other
 * events only a flag's come by the context's listeners, so that nothing is counted twice.
 */
final class MetersBinding implements SmartInitializingSingleton, MigrationListener {
    private final MigrationMeters meters;
    private final ObjectProvider<Migration> migrations;
    private final ObjectProvider<PercentageFlag> flags;
    private final ObjectProvider<DualWriteRouter<?, ?>> routers;

    MetersBinding(
            MigrationMeters meters,
            ObjectProvider<Migration> migrations,
            ObjectProvider<PercentageFlag> flags,
            ObjectProvider<DualWriteRouter<?, ?>> routers) {
        this.meters = meters;
        this.migrations = migrations;
        this.flags = flags;
        this.routers = routers;
    }

    @Override
    public void afterSingletonsInstantiated() {
        migrations.forEach(meters::watch);
        flags.forEach(meters::watch);
        routers.forEach(router -> meters.watchDebt(
                router.migration().name(),
                router.records(),
                router::debt,
                router.migration().time()));
    }

    @Override
    public void on(MigrationEvent event) {
        if (event instanceof MigrationEvent.FlagTurned) {
            meters.on(event);
        }
    }
}
