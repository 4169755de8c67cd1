package dev.migrate.spring;

import java.util.Arrays;
import java.util.List;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AbstractBeanDefinition;

/** Leaves the two sides of a routed service to be injected by name alone, so that everybody else gets the routed one. */
final class NamedSides implements BeanFactoryPostProcessor {
    private final Class<?> type;
    private final String legacy;
    private final String target;

    NamedSides(Class<?> type, String legacy, String target) {
        this.type = type;
        this.legacy = legacy;
        this.target = target;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        byNameOnly(beans, "legacy", legacy);
        byNameOnly(beans, "target", target);
    }

    private void byNameOnly(ConfigurableListableBeanFactory beans, String side, String name) {
        if (!beans.containsBeanDefinition(name)) {
            List<String> known = Arrays.stream(beans.getBeanNamesForType(type, true, false))
                    .sorted()
                    .toList();
            throw new WiringException(
                    "@MigrationRouted of " + type.getName() + " names '" + name + "' as its " + side
                            + ", but there is no such bean; the beans of that type are " + known,
                    "name one of these, or define the bean");
        }
        BeanDefinition definition = beans.getBeanDefinition(name);
        if (definition instanceof AbstractBeanDefinition known) {
            known.setDefaultCandidate(false);
        }
    }
}
