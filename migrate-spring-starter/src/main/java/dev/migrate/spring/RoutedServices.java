package dev.migrate.spring;

import java.beans.Introspector;
import java.util.Set;
import org.springframework.beans.factory.BeanClassLoaderAware;
import org.springframework.beans.factory.config.ConstructorArgumentValues;
import org.springframework.beans.factory.config.RuntimeBeanReference;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/** Makes the beans that a {@link MigrationRouted} declares: the routed service, and the router behind it. */
final class RoutedServices implements ImportBeanDefinitionRegistrar, BeanClassLoaderAware {
    static final String FACTORY = "migrateRoutedServiceFactory";
    private ClassLoader classLoader = RoutedServices.class.getClassLoader();

    @Override
    public void setBeanClassLoader(ClassLoader classLoader) {
        this.classLoader = classLoader;
    }

    @Override
    public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
        Set<AnnotationAttributes> declared = importing.getMergedRepeatableAnnotationAttributes(
                MigrationRouted.class, MigrationRouted.All.class, true);
        declared.forEach(one -> register(one, registry));
    }

    private void register(AnnotationAttributes declared, BeanDefinitionRegistry registry) {
        Class<?> type = ClassUtils.resolveClassName(declared.getString("value"), classLoader);
        String name = declared.getString("name").isEmpty()
                ? Introspector.decapitalize(type.getSimpleName())
                : declared.getString("name");
        String legacy = declared.getString("legacy");
        String target = declared.getString("target");
        if (legacy.equals(target) || name.equals(legacy) || name.equals(target)) {
            throw new WiringException(
                    "@MigrationRouted of " + type.getName() + " needs three beans of different names, but has legacy '"
                            + legacy + "', target '" + target + "' and, in front of them, '" + name + "'",
                    "rename one, or give the routed bean another name with name = ..");
        }
        RootBeanDefinition routed = new RootBeanDefinition(type);
        routed.setTargetType(type);
        routed.setFactoryBeanName(FACTORY);
        routed.setFactoryMethodName("route");
        ConstructorArgumentValues arguments = routed.getConstructorArgumentValues();
        arguments.addIndexedArgumentValue(0, type);
        arguments.addIndexedArgumentValue(1, declared.getString("migration"));
        arguments.addIndexedArgumentValue(2, legacy);
        arguments.addIndexedArgumentValue(3, target);
        arguments.addIndexedArgumentValue(4, declared.getString("copier"));
        routed.setResourceDescription("@MigrationRouted");
        registry.registerBeanDefinition(name, routed);

        RootBeanDefinition router = new RootBeanDefinition(dev.migrate.service.ServiceRouter.class);
        router.setFactoryBeanName(FACTORY);
        router.setFactoryMethodName("behind");
        router.getConstructorArgumentValues().addIndexedArgumentValue(0, new RuntimeBeanReference(name));
        router.setDestroyMethodName("close");
        router.setResourceDescription("@MigrationRouted");
        registry.registerBeanDefinition(name + "Router", router);

        RootBeanDefinition sides = new RootBeanDefinition(NamedSides.class);
        sides.getConstructorArgumentValues().addIndexedArgumentValue(0, type);
        sides.getConstructorArgumentValues().addIndexedArgumentValue(1, legacy);
        sides.getConstructorArgumentValues().addIndexedArgumentValue(2, target);
        sides.setResourceDescription("@MigrationRouted");
        registry.registerBeanDefinition(name + "Sides", sides);
    }
}
