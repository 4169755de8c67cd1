package dev.migrate;

import java.util.Optional;
import java.util.function.Function;

/**
 * One side's records by key: read, write, delete.
 *
 * <p>Plain functions are enough, and give the weakest guarantee; {@link VersionedRecords} and the JDBC records of
 * {@code migrate-jdbc} give stronger ones. Implementations are thread-safe. A write must be repeatable: writing the same value
 * to the same key twice leaves what writing it once leaves.
 *
 * @param <K> the key: anything that a {@link KeyCodec} can encode
 * @param <V> the value, in the application's own type
 */
public interface Records<K, V> {
    /** The name of a kind of records in a migration that has one kind alone; routers and tables go by it unless told otherwise. */
    String DEFAULT_NAME = "default";

    /** The value of a key, or empty. */
    Optional<V> read(K key) throws Exception;

    /** Inserts or replaces a value; returns it as the side holds it, with everything that the side has made itself. */
    V write(K key, V value) throws Exception;

    /** Removes a key; removing one that is not there does nothing. */
    void delete(K key) throws Exception;

    /** The reading half of a side. */
    @FunctionalInterface
    interface Find<K, V> {
        /** The value of a key, or empty. */
        Optional<V> find(K key) throws Exception;
    }

    /** The writing half of a side, returning what the side holds. */
    @FunctionalInterface
    interface Save<V> {
        /** Inserts or replaces a value and returns it as the side holds it. */
        V save(V value) throws Exception;
    }

    /** The writing half of a side that returns nothing. */
    @FunctionalInterface
    interface SaveVoid<V> {
        /** Inserts or replaces a value. */
        void save(V value) throws Exception;
    }

    /** The deleting half of a side. */
    @FunctionalInterface
    interface Remove<K> {
        /** Removes a key. */
        void remove(K key) throws Exception;
    }

    /** Records from three functions. */
    static <K, V> Records<K, V> of(Find<K, V> find, Save<V> save, Remove<K> remove) {
        return new FunctionRecords<>(find, save, remove);
    }

    /** Records from three functions of which the writing one returns nothing: the value written is taken as what is held. */
    static <K, V> Records<K, V> ofVoid(Find<K, V> find, SaveVoid<V> save, Remove<K> remove) {
        return new FunctionRecords<>(
                find,
                value -> {
                    save.save(value);
                    return value;
                },
                remove);
    }

    /**
     * The same records in another type of value: a side's own type, adapted to the one that the router speaks.
     *
     * @param to from the router's type to this side's
     * @param from from this side's type to the router's
     */
    default <U> Records<K, U> as(Function<? super U, ? extends V> to, Function<? super V, ? extends U> from) {
        return new AdaptedRecords<>(this, to, from);
    }
}
