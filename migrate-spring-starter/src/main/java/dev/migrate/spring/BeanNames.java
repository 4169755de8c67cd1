package dev.migrate.spring;

import java.util.regex.Pattern;

/** How the beans that properties describe are called: {@code new-search} becomes {@code newSearchFlag}. */
final class BeanNames {
    private static final Pattern NEXT_WORD = Pattern.compile("[._-]+(.?)");

    private BeanNames() {}

    static String migration(String name) {
        return camelCase(name) + "Migration";
    }

    static String flag(String name) {
        return camelCase(name) + "Flag";
    }

    private static String camelCase(String name) {
        String joined = NEXT_WORD.matcher(name).replaceAll(word -> word.group(1).toUpperCase(java.util.Locale.ROOT));
        return joined.isEmpty() ? name : Character.toLowerCase(joined.charAt(0)) + joined.substring(1);
    }
}
