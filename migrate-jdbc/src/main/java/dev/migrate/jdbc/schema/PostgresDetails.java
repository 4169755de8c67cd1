package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import java.sql.SQLException;
import java.util.List;

/** What PostgreSQL's catalogue says. */
final class PostgresDetails {
    private PostgresDetails() {}

    static void read(Details details) throws SQLException {
        details.each(
                "select c.relname, a.attname, format_type(case when t.typtype = 'd' then t.typbasetype else a.atttypid end,"
                        + " case when t.typtype = 'd' then t.typtypmod else a.atttypmod end), a.attidentity = 'a',"
                        + " coalesce(not l.collisdeterministic, false) or t.typname = 'citext',"
                        + " (select 'enum(' || string_agg(quote_literal(e.enumlabel), ',' order by e.enumsortorder) || ')'"
                        + " from pg_enum e where e.enumtypid = t.oid),"
                        + " (select pg_encoding_to_char(encoding) in ('UTF8') from pg_database"
                        + " where datname = current_database())"
                        + " from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid"
                        + " join pg_namespace n on n.oid = c.relnamespace left join pg_collation l on l.oid = a.attcollation"
                        + " where n.nspname = ? and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped",
                row -> {
                    String labels = row.getString(6);
                    details.column(
                            row.getString(1),
                            row.getString(2),
                            new Details.Of(
                                    row.getString(3),
                                    labels == null ? List.of() : TypeName.labels(labels),
                                    row.getBoolean(4),
                                    row.getBoolean(5),
                                    row.getBoolean(7),
                                    null,
                                    null));
                });
        details.each(
                "select c.relname, k.conname, pg_get_expr(k.conbin, k.conrelid) from pg_constraint k"
                        + " join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and k.contype = 'c' order by c.relname, k.conname",
                row -> details.check(
                        row.getString(1), Check.read(Product.POSTGRESQL, row.getString(2), null, row.getString(3))));
        details.each(
                "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and c.relispartition",
                row -> details.part(row.getString(1)));
    }
}
