package dev.migrate;

/**
 * Records whose side itself refuses an older version, so that no older value ever replaces a later one.
 *
 * <p>For a side with conditional writes: a version column, a conditional put. A delete leaves a tombstone with its version.
 *
 * @param <K> the key
 * @param <V> the value
 */
public interface VersionedRecords<K, V> extends Records<K, V> {
    /**
     * Writes unless the side already holds this version or a later one, of a value or of a tombstone.
     *
     * @return false where the side refused, and nothing was changed
     */
    boolean write(K key, V value, Version version) throws Exception;

    /**
     * Deletes unless the side already holds this version or a later one; leaves a tombstone with the version.
     *
     * @return false where the side refused, and nothing was changed
     */
    boolean delete(K key, Version version) throws Exception;
}
