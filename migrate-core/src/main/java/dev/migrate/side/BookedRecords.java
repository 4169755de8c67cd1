package dev.migrate.side;

import dev.migrate.Records;
import dev.migrate.Side;

/**
 * Records whose side keeps its books itself, so that records, journal and ledger commit together.
 *
 * @param <K> the key
 * @param <V> the value
 */
public interface BookedRecords<K, V> extends Records<K, V> {
    /**
     * The books of these records, made where they do not yet exist. Called once, when a router is built.
     *
     * @param migration the migration's name
     * @param records the name of this kind of records within the migration
     * @param side which side these records are
     */
    SideBooks books(String migration, String records, Side side);

    /**
     * Something of the thread's transaction that the application may use, such as a {@code java.sql.Connection}.
     *
     * @throws dev.migrate.MigrationException where there is no such thing
     */
    <T> T unwrap(Class<T> type);
}
