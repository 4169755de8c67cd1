package dev.migrate.items;

import java.io.IOException;

/** An item is gone or was written anew since it was looked at; look again. Names no key. */
public final class ItemChangedException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception that says what was found instead. */
    public ItemChangedException(String message) {
        super(message);
    }
}
