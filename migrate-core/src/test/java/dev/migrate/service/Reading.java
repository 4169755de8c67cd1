package dev.migrate.service;

import java.util.Optional;

/** A generic super-interface, so that the compiler makes bridges. */
interface Reading<K, V> {
    @Reads
    Optional<V> find(@MigrationKey K key);
}
