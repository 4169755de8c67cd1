package dev.migrate.jdbc;

import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.TableSide;

/** Whether a key that is written to a table is the one that it then has, for certain and without asking. */
final class KeptKeys {
    private KeptKeys() {}

    /** For all keys of legacy, in the target; false where it depends on the key. */
    static boolean areKept(BoundMapping mapping, TableSide legacy, JdbcTable target) {
        TableDialect from = legacy instanceof JdbcTable table ? table.dialect() : new PlainTableDialect();
        return mapping.pairs().stream()
                .filter(pair -> target.shape().isKey(pair.target()))
                .allMatch(pair -> isKept(from, pair.legacy(), target.dialect(), pair.target()));
    }

    /** Where a session may cut what does not fit, only what fits for certain is trusted. */
    private static boolean isKept(TableDialect from, Column legacy, TableDialect to, Column target) {
        boolean isSameType = from.isSameProduct(to) && legacy.type().equals(target.type());
        return legacy.kind() == target.kind()
                && switch (target.kind()) {
                    case UUID, BOOLEAN, DATE -> true;
                    case INTEGER -> !to.mayCut() || isSameType;
                    case BYTES -> isSameType && to.keepsBytes();
                    default -> isSameType && !to.mayCut();
                };
    }
}
