package dev.migrate.examples.users.check;

import java.util.Map;

/**
 * What one database holds of one account.
 *
 * @param digests of what the users wrote, by facet
 * @param rows the digest of every column that both schemas have, ids and times included, by facet
 */
record Held(long user, Map<String, String> digests, Map<String, String> rows) {

    static Held nothing(long user) {
        return new Held(user, Map.of(), Map.of());
    }
}
