package dev.migrate.spring;

import java.util.Arrays;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;

/** Makes a {@link SpringTransactionBinding} of every data source, with the data source's name as its qualifier. */
final class TransactionBindings implements BeanDefinitionRegistryPostProcessor {
    static final String FACTORY = "migrateDataSourceBeans";

    @Override
    public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
        if (registry instanceof DefaultListableBeanFactory beans) {
            Arrays.stream(beans.getBeanNamesForType(DataSource.class, true, false))
                    .forEach(name -> register(registry, name));
        }
    }

    private static void register(BeanDefinitionRegistry registry, String dataSource) {
        String beanName = dataSource + "TransactionBinding";
        if (!registry.containsBeanDefinition(beanName)) {
            RootBeanDefinition definition = new RootBeanDefinition(SpringTransactionBinding.class);
            definition.setFactoryBeanName(FACTORY);
            definition.setFactoryMethodName("binding");
            definition.getConstructorArgumentValues().addIndexedArgumentValue(0, dataSource);
            definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, dataSource));
            definition.setLazyInit(true);
            definition.setResourceDescription("the data source '" + dataSource + "'");
            registry.registerBeanDefinition(beanName, definition);
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        // everything is done with the definitions
    }
}
