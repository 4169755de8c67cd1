package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.service.Copier;
import dev.migrate.service.ServiceRouter;
import dev.migrate.service.ServiceRouterBuilder;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;

/** Builds what {@link MigrationRouted} declares; called by the container for the definitions of {@link RoutedServices}. */
final class RoutedServiceFactory {
    private final ListableBeanFactory beans;

    RoutedServiceFactory(ListableBeanFactory beans) {
        this.beans = beans;
    }

    <S> S route(Class<S> type, String migration, String legacy, String target, String copier) {
        ServiceRouterBuilder<S> router = ServiceRouter.of(migration(type, migration), type)
                .legacy(side(type, "legacy", legacy))
                .target(side(type, "target", target));
        if (!copier.isEmpty()) {
            Copier<?> named = bean(type, "copier", copier, Copier.class);
            router.copier(named);
        }
        return router.build();
    }

    ServiceRouter<?> behind(Object routed) {
        return ServiceRouter.behind(routed);
    }

    private Migration migration(Class<?> type, String name) {
        List<Migration> all = List.copyOf(beans.getBeansOfType(Migration.class).values());
        return all.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new WiringException(
                        "@MigrationRouted of " + type.getName() + " names migration '" + name
                                + "', but the migrations are "
                                + all.stream().map(Migration::name).sorted().toList(),
                        "name one of these, or describe it under migrate.migrations." + name));
    }

    private <S> S side(Class<S> type, String side, String name) {
        return bean(type, side, name, type);
    }

    private <T> T bean(Class<?> routed, String what, String name, Class<T> type) {
        if (!beans.containsBean(name)) {
            throw new WiringException(
                    "@MigrationRouted of " + routed.getName() + " names '" + name + "' as its " + what
                            + ", but there is no such bean",
                    "define it, or name one of " + List.of(beans.getBeanNamesForType(type)));
        }
        Object bean = beans.getBean(name);
        if (!type.isInstance(bean)) {
            throw new WiringException(
                    "@MigrationRouted of " + routed.getName() + " names '" + name + "' as its " + what
                            + ", but that is a " + bean.getClass().getName(),
                    "name a bean of type " + type.getName());
        }
        return type.cast(bean);
    }
}
