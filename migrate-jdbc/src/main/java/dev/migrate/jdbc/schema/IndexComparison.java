package dev.migrate.jdbc.schema;

import static dev.migrate.schema.SchemaFinding.Severity.FINE;

import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Index;
import dev.migrate.jdbc.schema.Model.Reference;
import dev.migrate.jdbc.schema.Model.Unique;
import dev.migrate.schema.SchemaFinding.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Compares indexes: which of the giver's the taker has nothing like. */
final class IndexComparison {
    private final Direction direction;

    private IndexComparison(Direction direction) {
        this.direction = direction;
    }

    static List<Draft> of(Direction direction) {
        IndexComparison comparison = new IndexComparison(direction);
        List<Draft> drafts = new ArrayList<>();
        for (Index index : direction.giver().indexes()) {
            direction
                    .to(index.columns())
                    .filter(columns -> !comparison.isServed(columns) && !comparison.isOfReference(index))
                    .ifPresent(columns -> drafts.add(comparison.missing(index, columns)));
        }
        return drafts;
    }

    private Draft missing(Index index, List<String> folded) {
        List<String> spelled = folded.stream()
                .map(name -> direction.taker().field(name).map(Field::name).orElse(name))
                .toList();
        return Draft.of(
                        FINE,
                        direction,
                        direction.taker().name(),
                        String.join(", ", spelled),
                        Subject.INDEX,
                        direction.there() + " has an index over it, and " + direction.here() + " none",
                        "index " + index.name() + " (" + String.join(", ", index.columns()) + ")",
                        null)
                .mendedBy(new Ddl(direction.taking(), direction.taker()).addIndex(spelled));
    }

    /** Whether an index of the taker, unique or not, begins with the columns. */
    private boolean isServed(List<String> folded) {
        return Stream.concat(
                        direction.taker().indexes().stream().map(Index::columns),
                        direction.taker().uniques().stream()
                                .filter(unique -> !unique.isPartial())
                                .map(Unique::columns))
                .map(Model::fold)
                .anyMatch(columns -> columns.size() >= folded.size()
                        && columns.subList(0, folded.size()).equals(folded));
    }

    /** MariaDB and H2 make one for each foreign key, by its name, or H2 by a name of its own. */
    private boolean isOfReference(Index index) {
        String name = index.name().toUpperCase(Locale.ROOT);
        Optional<Reference> reference = direction.giver().references().stream()
                .filter(one -> Model.fold(one.columns()).equals(Model.fold(index.columns())))
                .findFirst();
        return reference.isPresent()
                && switch (direction.giving()) {
                    case MARIADB, MYSQL ->
                        name.equals(String.valueOf(reference.get().name()).toUpperCase(Locale.ROOT))
                                || (index.columns().size() == 1
                                        && name.equalsIgnoreCase(index.columns().get(0)));
                    case H2 ->
                        name.startsWith("CONSTRAINT_INDEX_")
                                || name.startsWith(
                                        String.valueOf(reference.get().name()).toUpperCase(Locale.ROOT) + "_INDEX_");
                    case POSTGRESQL, STANDARD -> false;
                };
    }
}
