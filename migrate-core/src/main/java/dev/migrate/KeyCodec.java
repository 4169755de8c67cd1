package dev.migrate;

/**
 * The canonical text of a key, under which both sides' journals and ledgers know it.
 *
 * <p>Strings, {@code Long}, {@code Integer}, {@code UUID} and lists of these need none. Thread-safe.
 *
 * @param <K> the key
 */
public interface KeyCodec<K> {
    /** The canonical text: equal keys give equal texts, different keys different ones. At most 512 characters. */
    String encode(K key);

    /** The key of a canonical text. */
    K decode(String text);
}
