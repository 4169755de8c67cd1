package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.MigrationScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Opens a scope of every migration of the context for a unit of work, and closes them all; learns of the migrations as they become beans. */
final class UnitScopes implements BeanPostProcessor {
    private final List<Migration> migrations = new CopyOnWriteArrayList<>();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        if (bean instanceof Migration migration) {
            migrations.add(migration);
        }
        return bean;
    }

    /** Scopes that are open, closed together by the thread that opened them. */
    interface Open extends AutoCloseable {
        @Override
        void close();
    }

    Open open() {
        Deque<MigrationScope> opened = new ArrayDeque<>();
        for (Migration migration : migrations) {
            opened.push(migration.begin());
        }
        return () -> opened.forEach(MigrationScope::close);
    }
}
