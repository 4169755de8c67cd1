package dev.migrate.jdbc;

import dev.migrate.table.BoundMapping;
import dev.migrate.table.Column;
import dev.migrate.table.Column.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Set;

/**
 * Where {@link PostgresPipe} can serve. Apart from it, because that one cannot even be loaded where the application has no driver of
 * PostgreSQL.
 */
final class PostgresPipes {
    private static final Set<Kind> WRITABLE_KEYS = Set.of(Kind.INTEGER, Kind.UUID);
    private static final Set<String> PORTABLE = Set.of("json", "jsonb", "inet", "cidr", "interval", "macaddr");
    private static final String DRIVER = "org.postgresql.PGConnection";
    private static final boolean HAS_DRIVER = hasDriver();

    private PostgresPipes() {}

    private static boolean hasDriver() {
        try {
            Class.forName(DRIVER, false, PostgresPipes.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /** Whether bytes can be passed on from one table to the other. */
    static boolean serves(JdbcTable source, JdbcTable target, BoundMapping mapping) {
        return HAS_DRIVER
                && source.dialect() instanceof PostgresTableDialect
                && target.dialect() instanceof PostgresTableDialect
                && mapping.isPlain()
                && target.ordersLike(source)
                && source.shape().key().stream().allMatch(column -> WRITABLE_KEYS.contains(column.kind()))
                && mapping.pairs().stream().allMatch(PostgresPipes::areAlike);
    }

    private static boolean areAlike(BoundMapping.Pair pair) {
        String legacy = base(pair.legacy());
        String target = base(pair.target());
        boolean isOfDomain = new PostgresTableDialect().kind(Types.OTHER, legacy)
                != pair.legacy().kind();
        return (isOfDomain || pair.legacy().kind() == Kind.OTHER)
                ? legacy.equals(target) && PORTABLE.contains(legacy)
                : legacy.equals(target) || (isText(legacy) && isText(target));
    }

    /** Whether a type that is not carried in a Java type of its own means the same in every database of PostgreSQL. */
    static boolean isPortable(String type) {
        return PORTABLE.contains(type);
    }

    private static boolean isText(String type) {
        return type.equals("text") || type.equals("varchar");
    }

    private static String base(Column column) {
        String type = column.type();
        int size = type.indexOf('(');
        String name = size < 0 ? type : type.substring(0, size);
        return switch (name) {
            case "bigserial" -> "int8";
            case "serial" -> "int4";
            case "smallserial" -> "int2";
            default -> name;
        };
    }

    /** Whether a connection to a table takes rows by COPY. */
    static boolean serves(JdbcTable target, Connection connection) throws SQLException {
        return HAS_DRIVER && target.dialect() instanceof PostgresTableDialect && PostgresPipe.takes(connection);
    }
}
