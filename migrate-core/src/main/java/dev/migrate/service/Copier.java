package dev.migrate.service;

import dev.migrate.Side;

/**
 * Makes one side equal to the other for one key.
 *
 * <p>Called with keys that were written, after the write, on a thread of the migration's, again and again until it succeeds and
 * nothing has overtaken it. It reads what the one side holds <em>now</em> and writes it to the other, generated values
 * included; where the one side holds nothing, it removes it from the other. Doing it twice leaves what doing it once leaves.
 * Thread-safe.
 *
 * @param <K> the key
 */
@FunctionalInterface
public interface Copier<K> {
    /** Copies; whatever it throws leaves the key owed. */
    void copy(K key, Side from, Side to) throws Exception;
}
