package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.flag.PercentageFlag;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/** Makes a bean of every migration and every flag that the properties name, with that name as its qualifier. */
final class DescribedBeans implements ImportBeanDefinitionRegistrar, EnvironmentAware {
    static final String FACTORY = "migrateBeanFactory";
    private Environment environment = new org.springframework.core.env.StandardEnvironment();

    @Override
    public void setEnvironment(Environment environment) {
        this.environment = environment;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        for (String name : names("migrate.migrations", MigrateProperties.MigrationOptions.class)) {
            register(registry, "migrate.migrations", name, BeanNames::migration, Migration.class, "migration");
        }
        for (String name : names("migrate.flags", MigrateProperties.FlagOptions.class)) {
            register(registry, "migrate.flags", name, BeanNames::flag, PercentageFlag.class, "flag");
        }
    }

    private <T> Set<String> names(String prefix, Class<T> options) {
        return Binder.get(environment)
                .bind(prefix, Bindable.mapOf(String.class, options))
                .map(Map::keySet)
                .orElse(Set.of());
    }

    private static void register(
            BeanDefinitionRegistry registry,
            String prefix,
            String name,
            Function<String, String> naming,
            Class<?> type,
            String method) {
        String beanName = naming.apply(name);
        if (registry.containsBeanDefinition(beanName)) {
            throw new WiringException(
                    prefix + "." + name + " describes a bean '" + beanName + "', but there is one of that name already",
                    "choose a name that differs in more than its punctuation, or rename the other bean");
        }
        RootBeanDefinition definition = new RootBeanDefinition(type);
        definition.setFactoryBeanName(FACTORY);
        definition.setFactoryMethodName(method);
        definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
        definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
        definition.setDestroyMethodName("close");
        definition.setResourceDescription(prefix + "." + name);
        registry.registerBeanDefinition(beanName, definition);
    }
}
