package dev.migrate.spring;

import dev.migrate.Migration;
import dev.migrate.MigrationStore;
import dev.migrate.Setting;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.ObjectProvider;

/**
 * What both generations of Spring Boot's health say: up as long as the store of the positions can be read. That a side fails,
 * that something is owed or that a breaker is open is what a migration is built to stand, and takes no node out of service.
 */
final class MigrationsHealth {
    private final MigrationStore store;
    private final ObjectProvider<Migration> migrations;

    MigrationsHealth(MigrationStore store, ObjectProvider<Migration> migrations) {
        this.store = store;
        this.migrations = migrations;
    }

    /** The positions by name; throws where the store cannot be read. */
    Map<String, String> positions() {
        store.list(Setting.Kind.POSITION);
        Map<String, String> positions = new TreeMap<>();
        migrations.forEach(
                migration -> positions.put(migration.name(), migration.current().toString()));
        return positions;
    }
}
