package dev.migrate.internal;

/** Names under which something is kept in a store that takes none beyond some length. */
public final class StoredNames {
    /** The longest name of a setting. */
    public static final int OF_SETTINGS = 200;

    private static final int END = 9;

    private StoredNames() {}

    /** The name where it is short enough; else its beginning, told from others that begin alike by a hash of all of it. */
    public static String of(String whole, int longest) {
        return whole.length() <= longest
                ? whole
                : whole.substring(0, longest - END) + "~" + String.format("%08x", whole.hashCode());
    }
}
