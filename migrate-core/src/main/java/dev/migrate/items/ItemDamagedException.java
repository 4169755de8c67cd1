package dev.migrate.items;

import java.io.IOException;

/** The content of an item is shorter, longer or other than was said of it: it was cut off, or altered on the way. Names no key. */
public final class ItemDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception that says what was expected and what was found. */
    public ItemDamagedException(String message) {
        super(message);
    }
}
