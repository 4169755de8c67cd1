package dev.migrate.jdbc.schema;

import dev.migrate.MigrationException;
import dev.migrate.internal.CanonicalKeys;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/** The SHA-256 of what a model says of some tables. */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Model model, String... tables) {
        List<String> names = tables.length == 0 ? List.copyOf(model.tables().keySet()) : Model.fold(List.of(tables));
        List<Object> all = new ArrayList<>();
        for (String name : names.stream().sorted().distinct().toList()) {
            Model.Relation table = model.tables().get(name);
            if (table == null) {
                throw new MigrationException("there is no table '" + name + "' in the schema; it has "
                        + model.tables().keySet());
            }
            all.add(table.name());
            all.add(sorted(
                    table.fields(),
                    field -> List.of(
                            field.name(),
                            field.type(),
                            String.valueOf(field.isNullable()),
                            String.valueOf(field.initial()),
                            field.generation().name(),
                            String.valueOf(field.ignoresCase()))));
            all.add(sorted(
                    table.uniques(),
                    unique -> List.of(
                            String.valueOf(unique.name()),
                            unique.columns(),
                            String.valueOf(unique.isKey()),
                            String.valueOf(unique.isPartial()))));
            all.add(sorted(
                    table.references(),
                    reference -> List.of(
                            String.valueOf(reference.name()),
                            reference.columns(),
                            reference.table(),
                            reference.referenced(),
                            reference.onDelete())));
            all.add(sorted(
                    table.checks(),
                    check -> List.of(String.valueOf(check.name()), String.valueOf(check.column()), check.sql())));
            all.add(sorted(table.indexes(), index -> List.of(index.name(), index.columns())));
        }
        return HexFormat.of().formatHex(sha256(CanonicalKeys.encode(all)));
    }

    /** Said member by member, so that a later version of the library says the same of the same schema. */
    private static <T> List<String> sorted(Collection<T> members, Function<T, List<?>> said) {
        return members.stream()
                .map(member -> CanonicalKeys.encode(said.apply(member)))
                .sorted()
                .toList();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }
}
