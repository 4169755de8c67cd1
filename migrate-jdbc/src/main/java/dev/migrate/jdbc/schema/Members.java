package dev.migrate.jdbc.schema;

import dev.migrate.MigrationException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of an object of a schema document, with the place of it for messages. */
final class Members {
    private final String place;
    private final Map<?, ?> members;

    private Members(String place, Map<?, ?> members) {
        this.place = place;
        this.members = members;
    }

    static Members of(String place, @Nullable Object value) {
        if (value instanceof Map<?, ?> members) {
            return new Members(place, members);
        }
        throw new MigrationException(place + " must be a JSON object, but was " + kind(value));
    }

    /** Refuses a member of any other name, so that a misspelled one is not taken for a missing one. */
    Members allowing(Set<String> names) {
        for (Object name : members.keySet()) {
            if (!names.contains(name)) {
                throw new MigrationException(place + " of the schema document must have no member '" + name
                        + "'; it may have " + names.stream().sorted().toList());
            }
        }
        return this;
    }

    List<String> names() {
        return members.keySet().stream().map(String::valueOf).toList();
    }

    @Nullable Object value(String name) {
        return members.get(name);
    }

    Members object(String name) {
        return of(place(name), value(name));
    }

    Members objectOrEmpty(String name) {
        return value(name) == null ? new Members(place(name), Map.of()) : object(name);
    }

    List<Members> objects(String name) {
        List<Members> objects = new ArrayList<>();
        for (Object one : list(name)) {
            objects.add(of(place(name) + "[" + objects.size() + "]", one));
        }
        return objects;
    }

    String text(String name) {
        Object value = value(name);
        if (value instanceof String text) {
            return text;
        }
        throw refused(name, "must be a text", kind(value));
    }

    String textOr(String name, String otherwise) {
        return value(name) == null ? otherwise : text(name);
    }

    /** Texts; none where there is no such member. */
    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Object one : list(name)) {
            if (!(one instanceof String text)) {
                throw refused(name, "must have texts only", kind(one));
            }
            texts.add(text);
        }
        return texts;
    }

    /** Each a text, or a list of some that belong together. */
    List<List<String>> groups(String name) {
        List<List<String>> groups = new ArrayList<>();
        for (Object one : list(name)) {
            if (one instanceof String text) {
                groups.add(List.of(text));
            } else {
                groups.add(new Members(place, Map.of(name, one == null ? List.of() : one)).texts(name));
            }
        }
        return groups;
    }

    boolean flag(String name, boolean otherwise) {
        Object value = value(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw refused(name, "must be true or false", kind(value));
    }

    /** A whole number of 0 or more, in digits; null where there is no such member. */
    @Nullable String whole(String name) {
        Object value = value(name);
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal number && number.toPlainString().matches("\\d{1,18}")) {
            return number.toPlainString();
        }
        throw refused(name, "must be a whole number of 0 or more", String.valueOf(value));
    }

    private List<?> list(String name) {
        Object value = value(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw refused(name, "must be a JSON array", kind(value));
    }

    MigrationException refused(String name, String rule, String was) {
        return new MigrationException(place(name) + " of the schema document " + rule + ", but was " + was);
    }

    private String place(String name) {
        return place.equals("the document") ? name : place + "." + name;
    }

    private static String kind(@Nullable Object value) {
        return value == null
                ? "missing"
                : value instanceof Map ? "an object" : value instanceof List ? "an array" : value + "";
    }
}
