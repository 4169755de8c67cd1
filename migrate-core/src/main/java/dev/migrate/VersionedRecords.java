package dev.migrate;

import java.util.function.Function;

/**
 * Records whose side itself refuses an older version, so that no older value ever replaces a later one.
 *
 * <p>For a side with conditional writes: a version column, a conditional put. A delete leaves a tombstone with its version.
 *
 * <p>Once writes are owed to the other side, authoritative writes carry a version too, wherever the store is a database that draws one: a
 * call that arrives late, from a node that was paused or over a slow line, is then refused where anything later has been written. A
 * router returns what the side holds after such a write, for which it reads the key.
 *
 * @param <K> the key
 * @param <V> the value
 */
public interface VersionedRecords<K, V> extends Records<K, V> {
    /**
     * Writes unless the side already holds this version or a later one, of a value or of a tombstone.
     *
     * @return false where the side refused, and this call has changed nothing; the router may then write once more under a later version. Where an
     *     implementation repeats a request whose answer was lost, the refusal of the second says nothing about the first: it throws
     */
    boolean write(K key, V value, Version version) throws Exception;

    /**
     * Deletes unless the side already holds this version or a later one; leaves a tombstone with the version.
     *
     * @return false where the side refused, and this call has changed nothing, as for a write
     */
    boolean delete(K key, Version version) throws Exception;

    @Override
    default <U> VersionedRecords<K, U> as(Function<? super U, ? extends V> to, Function<? super V, ? extends U> from) {
        return new AdaptedVersionedRecords<>(this, to, from);
    }
}
