package dev.migrate.spring;

import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** The data sources of the context by name; called by the container for the definitions of {@link TransactionBindings}. */
final class DataSourceBeans {
    private final ListableBeanFactory beans;

    DataSourceBeans(ListableBeanFactory beans) {
        this.beans = beans;
    }

    /** The named data source, or the only one: never one of several that happens to be primary. */
    DataSource forStore(@Nullable String named) {
        List<String> names = names();
        if (named != null) {
            if (!names.contains(named)) {
                throw new WiringException(
                        "migrate.store.data-source names '" + named + "', but the data sources are " + names,
                        "name one of these");
            }
            return pool(named);
        }
        if (names.size() != 1) {
            throw new WiringException(
                    "the store of migrations and flags needs one data source, but there are several: " + names,
                    "set migrate.store.data-source to the name of the one that shall keep positions, flags and their audit"
                            + " trail, usually the application's own; a @Primary one is not taken silently");
        }
        return pool(names.get(0));
    }

    SpringTransactionBinding binding(String dataSource) {
        DataSource pool = pool(dataSource);
        return SpringTransactionBinding.of(pool, managerOf(pool));
    }

    private List<String> names() {
        return Arrays.stream(beans.getBeanNamesForType(DataSource.class))
                .sorted()
                .toList();
    }

    private DataSource pool(String name) {
        return SpringTransactionBinding.poolOf(beans.getBean(name, DataSource.class));
    }

    private PlatformTransactionManager managerOf(DataSource pool) {
        return beans.getBeansOfType(PlatformTransactionManager.class).values().stream()
                .filter(manager -> manages(manager, pool))
                .findFirst()
                .orElseGet(() -> new JdbcTransactionManager(pool));
    }

    /** Managers for JDBC, JPA and Hibernate all have this property, and no type in common that has it. */
    private static boolean manages(PlatformTransactionManager manager, DataSource pool) {
        BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(manager);
        return properties.isReadableProperty("dataSource")
                && properties.getPropertyValue("dataSource") instanceof DataSource managed
                && SpringTransactionBinding.poolOf(managed).equals(pool);
    }
}
