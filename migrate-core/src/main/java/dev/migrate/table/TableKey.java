package dev.migrate.table;

import java.util.List;

/**
 * The key of one row. Its text form shows the canonical text only.
 *
 * @param values the values of the key's columns, in the key's order
 * @param canonical the canonical text under which routers, journals and ledgers know the key
 */
public record TableKey(List<Object> values, String canonical) {
    @Override
    public boolean equals(Object other) {
        return other instanceof TableKey that && canonical.equals(that.canonical);
    }

    @Override
    public int hashCode() {
        return canonical.hashCode();
    }

    @Override
    public String toString() {
        return canonical;
    }
}
