package dev.migrate.examples.users;

import java.util.Locale;

/** Who may see a profile. */
public enum Privacy {
    PUBLIC,
    PRIVATE,
    FRIENDS_ONLY;

    /** As the column {@code privacy_level} has it. */
    public String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Privacy ofColumn(String column) {
        return valueOf(column.toUpperCase(Locale.ROOT));
    }
}
