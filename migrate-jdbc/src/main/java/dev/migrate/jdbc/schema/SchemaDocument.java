package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Model.Check;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import dev.migrate.jdbc.schema.Model.Index;
import dev.migrate.jdbc.schema.Model.Reference;
import dev.migrate.jdbc.schema.Model.Relation;
import dev.migrate.jdbc.schema.Model.Unique;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a schema from a document; {@link DatabaseSchema} describes its shape. */
final class SchemaDocument {
    private static final Pattern REFERENCE = Pattern.compile("\\s*([^\\s(]+)\\s*\\(([^)]*)\\)\\s*");
    private static final Pattern EXPRESSION =
            Pattern.compile("(?i)(current_\\w+|localtimestamp|now\\s*\\(|null$|\\w+\\s*\\(.*\\)).*", Pattern.DOTALL);
    private static final Set<String> TOP = Set.of("schema_version", "database", "tables", "views", "procedures");
    private static final Set<String> TABLE = Set.of("columns", "constraints", "indexes", "comment");
    private static final Set<String> COLUMN = Set.of(
            "type",
            "length",
            "precision",
            "scale",
            "nullable",
            "default",
            "primary_key",
            "unique",
            "auto_increment",
            "comment");
    private static final Set<String> CONSTRAINTS = Set.of("primary_key", "unique", "foreign_key", "check");
    private static final Set<String> FOREIGN_KEY = Set.of("name", "columns", "references", "on_delete", "on_update");
    private static final Set<String> INDEX = Set.of("name", "columns", "unique", "comment");

    private SchemaDocument() {}

    static Model read(String json) {
        Members document = Members.of("the document", Json.read(json)).allowing(TOP);
        Members tables = document.object("tables");
        Map<String, Relation> read = new TreeMap<>();
        for (String name : tables.names()) {
            read.put(Model.fold(name), table(name, tables.object(name).allowing(TABLE)));
        }
        return new Model(Product.STANDARD, "document", read);
    }

    private static Relation table(String name, Members table) {
        Members columns = table.object("columns");
        Members constraints = table.objectOrEmpty("constraints").allowing(CONSTRAINTS);
        List<String> key = new ArrayList<>(constraints.texts("primary_key"));
        List<Field> fields = new ArrayList<>();
        List<Unique> uniques = new ArrayList<>();
        List<Index> indexes = new ArrayList<>();
        for (String column : columns.names()) {
            Members described = columns.object(column).allowing(COLUMN);
            fields.add(field(column, described));
            if (described.flag("primary_key", false) && !key.contains(column)) {
                key.add(column);
            }
            if (described.flag("unique", false)) {
                unique(uniques, null, List.of(column));
            }
        }
        for (List<String> together : constraints.groups("unique")) {
            unique(uniques, null, together);
        }
        for (Members index : table.objects("indexes")) {
            List<String> of = index.allowing(INDEX).texts("columns");
            if (index.flag("unique", false)) {
                unique(uniques, index.text("name"), of);
            } else {
                indexes.add(new Index(index.text("name"), of));
            }
        }
        if (!key.isEmpty()) {
            uniques.add(0, new Unique(name + "_pkey", List.copyOf(key), true, false, true));
        }
        fields.replaceAll(field -> key.contains(field.name()) ? required(field) : field);
        return new Relation(
                name,
                Product.STANDARD.quoted(name),
                fields,
                uniques,
                constraints.objects("foreign_key").stream()
                        .map(SchemaDocument::reference)
                        .toList(),
                constraints.texts("check").stream()
                        .map(sql -> Check.read(Product.STANDARD, null, null, sql))
                        .toList(),
                indexes);
    }

    /** The same columns may be called unique at the column, as a constraint and by an index. */
    private static void unique(List<Unique> uniques, @Nullable String name, List<String> columns) {
        Unique known = uniques.stream()
                .filter(unique -> unique.isOver(new HashSet<>(Model.fold(columns))))
                .findFirst()
                .orElse(null);
        if (known == null) {
            uniques.add(new Unique(name, columns, false, false, name == null));
        } else if (known.name() == null && name != null) {
            uniques.set(uniques.indexOf(known), new Unique(name, columns, false, false, false));
        }
    }

    private static Field required(Field field) {
        return new Field(
                field.name(),
                field.domain(),
                field.type(),
                false,
                field.initial(),
                field.generation(),
                field.ignoresCase());
    }

    private static Field field(String name, Members column) {
        String type = column.text("type") + size(column);
        Domain domain = TypeName.read(Product.STANDARD, type);
        return new Field(
                name,
                domain,
                type,
                column.flag("nullable", true),
                initial(column.value("default"), domain),
                column.flag("auto_increment", false) ? Generation.BY_DEFAULT : Generation.NONE,
                false);
    }

    private static String size(Members column) {
        String length = column.whole("length");
        String precision = column.whole("precision");
        String scale = column.whole("scale");
        String first = length == null ? precision : length;
        return first == null ? "" : "(" + first + (scale == null ? "" : "," + scale) + ")";
    }

    /** A text that is no moment and no function stands for itself. */
    private static @Nullable String initial(@Nullable Object value, Domain domain) {
        if (value instanceof String text) {
            return EXPRESSION.matcher(text).matches() || (!(domain instanceof Domain.Text) && text.startsWith("'"))
                    ? text
                    : Product.STANDARD.literal(text);
        }
        return value instanceof BigDecimal number
                ? number.toPlainString()
                : value instanceof Boolean flag ? flag.toString() : null;
    }

    private static Reference reference(Members described) {
        described.allowing(FOREIGN_KEY);
        String written = described.text("references");
        Matcher reference = REFERENCE.matcher(written);
        if (!reference.matches()) {
            throw described.refused("references", "must be as in users(id)", written);
        }
        List<String> referenced = new ArrayList<>();
        for (String name : reference.group(2).split(",", -1)) {
            referenced.add(name.strip());
        }
        List<String> columns = described.texts("columns");
        if (columns.size() != referenced.size()) {
            throw described.refused("references", "must name as many columns as refer to them", written);
        }
        String rule = described.textOr("on_delete", "no action").toLowerCase(Locale.ROOT);
        return new Reference(
                null, columns, reference.group(1), referenced, rule.equals("restrict") ? "no action" : rule);
    }
}
