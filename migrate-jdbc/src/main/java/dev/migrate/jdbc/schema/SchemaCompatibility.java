package dev.migrate.jdbc.schema;

import dev.migrate.Gate;
import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.internal.option.Bounds;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaReport;
import dev.migrate.table.Mapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Finds out whether the schemas of the two sides can hold each other's rows: from legacy to the target before {@code DUAL_WRITE}, and back
 * before {@code LIVE}.
 *
 * <p>What is compared is what a column can hold, not what its type is called, so that the same schema in two products has no finding. Where a
 * finding depends on the rows, the database that they are in is asked for one that is affected; a RISKY finding that such a row makes certain becomes
 * BREAKING. Nothing is changed: the statements that would mend a finding are given as text. No value of a row is read, but keys where
 * {@link #showingKeys} allows it.
 *
 * <p>Not seen: triggers, views, procedures, what a collation makes equal beyond letter case and accents, and what a product allows beyond the usual
 * meaning of a type, such as years after 9999. Immutable and thread-safe: every option gives another one. It owns nothing.
 *
 * <pre>{@code
 * SchemaReport report = SchemaCompatibility.between(legacyDb, targetDb).mapped("users", userColumns).check();
 * }</pre>
 */
public final class SchemaCompatibility {
    private static final Duration LONGEST = Duration.ofHours(1);

    private record Tables(List<Comparison.Declared> declared, Set<String> only, Set<String> leftOut) {}

    private final DatabaseSchema legacy;
    private final DatabaseSchema target;
    private final Tables tables;
    private final boolean asksRows;
    private final RowQuestions questions;

    private SchemaCompatibility(
            DatabaseSchema legacy, DatabaseSchema target, Tables tables, boolean asksRows, RowQuestions questions) {
        this.legacy = legacy;
        this.target = target;
        this.tables = tables;
        this.asksRows = asksRows;
        this.questions = questions;
    }

    /** Compares the schemas that the connections of two data sources use. */
    public static SchemaCompatibility between(DataSource legacy, DataSource target) {
        return between(DatabaseSchema.of(legacy), DatabaseSchema.of(target));
    }

    /** Compares two schemas: all tables of both, by their names; the library's own are left out. */
    public static SchemaCompatibility between(DatabaseSchema legacy, DatabaseSchema target) {
        return new SchemaCompatibility(
                legacy,
                target,
                new Tables(List.of(), Set.of(), Set.of()),
                true,
                new RowQuestions(Duration.ofSeconds(10), false));
    }

    /** Looks at some legacy tables only, and at what corresponds to them. Default: at all tables of both sides. */
    public SchemaCompatibility tables(String... legacyTables) {
        return with(new Tables(tables.declared, plus(tables.only, legacyTables), tables.leftOut));
    }

    /** Tables, of either side, that are not looked at: those that are not moved. */
    public SchemaCompatibility leaveOut(String... names) {
        return with(new Tables(tables.declared, tables.only, plus(tables.leftOut, names)));
    }

    /** How the columns of a table correspond, whose name is the same on both sides. Default: by their names. */
    public SchemaCompatibility mapped(String table, Mapping mapping) {
        return mapped(table, table, mapping);
    }

    /** How the columns of a legacy table and a target table correspond, and that these tables do. */
    public SchemaCompatibility mapped(String legacyTable, String targetTable, Mapping mapping) {
        Comparison.Declared one = new Comparison.Declared(Model.fold(legacyTable), Model.fold(targetTable), mapping);
        List<Comparison.Declared> declared = new ArrayList<>(tables.declared);
        if (declared.stream()
                .anyMatch(other ->
                        other.legacy().equals(one.legacy()) || other.target().equals(one.target()))) {
            throw new MigrationException("tables '" + legacyTable + "' and '" + targetTable
                    + "' must each be mapped once, but one of them was mapped before; say once what it corresponds to");
        }
        declared.add(one);
        return with(new Tables(List.copyOf(declared), tables.only, tables.leftOut));
    }

    private SchemaCompatibility with(Tables changed) {
        return new SchemaCompatibility(legacy, target, changed, asksRows, questions);
    }

    /** Asks no database about its rows. Default: the rows of a database are asked, one query for each finding that depends on them. */
    public SchemaCompatibility withoutRows() {
        return new SchemaCompatibility(legacy, target, tables, false, questions);
    }

    /** Has the key of an affected row in its finding. Default: no value of any row leaves the database. */
    public SchemaCompatibility showingKeys() {
        return new SchemaCompatibility(legacy, target, tables, asksRows, new RowQuestions(questions.patience(), true));
    }

    /** How long one query about rows may take, in whole seconds; then nothing is told. From 1 s to 1 h. Default: 10 s. */
    public SchemaCompatibility patience(Duration patience) {
        Bounds.between("patience", patience, Duration.ofSeconds(1), LONGEST);
        return new SchemaCompatibility(
                legacy, target, tables, asksRows, new RowQuestions(patience, questions.showsKeys()));
    }

    private static Set<String> plus(Set<String> some, String... names) {
        Set<String> all = new HashSet<>(some);
        all.addAll(Model.fold(List.of(names)));
        return Set.copyOf(all);
    }

    /**
     * Compares, and asks rows.
     *
     * @throws MigrationException where a table that was named is on neither side, or a database cannot be read
     */
    public SchemaReport check() {
        try {
            Model from = legacy.model();
            Model to = target.model();
            requireKnown(from, to);
            List<Draft> drafts = Comparison.of(from, to, tables.declared, tables.only, tables.leftOut);
            return new SchemaReport(from.origin(), to.origin(), answered(drafts));
        } catch (SQLException failure) {
            throw new MigrationException(
                    "could not read the two schemas to compare them (SQL state " + failure.getSQLState()
                            + "); check that the users of both data sources may read the catalogue",
                    failure);
        }
    }

    /** Open where nothing BREAKING stands in the way of {@code DUAL_WRITE}; it compares anew each time that it is asked. */
    public Gate gate() {
        return gate(Stage.DUAL_WRITE);
    }

    /** Open where nothing BREAKING stands in the way of a stage, or of one before it; it compares anew each time that it is asked. */
    public Gate gate(Stage stage) {
        return () -> check().closedBecause(stage);
    }

    private void requireKnown(Model from, Model to) {
        require(from, "legacy", tables.only);
        tables.declared.forEach(one -> {
            require(from, "legacy", Set.of(one.legacy()));
            require(to, "target", Set.of(one.target()));
        });
    }

    private static void require(Model model, String side, Set<String> names) {
        for (String name : names) {
            if (!model.tables().containsKey(name)) {
                throw new MigrationException("there is no table '" + name + "' in the " + side + " schema; it has "
                        + model.tables().keySet());
            }
        }
    }

    private List<SchemaFinding> answered(List<Draft> drafts) throws SQLException {
        List<SchemaFinding> findings = new ArrayList<>();
        List<Draft> left = new ArrayList<>(drafts);
        for (Side giver : Side.values()) {
            DatabaseSchema schema = giver == Side.LEGACY ? legacy : target;
            List<Draft> asked = asksRows && schema.hasRows()
                    ? left.stream().filter(draft -> draft.asks(giver)).toList()
                    : List.of();
            if (!asked.isEmpty()) {
                findings.addAll(asked(schema, asked));
                left.removeAll(asked);
            }
        }
        left.forEach(draft -> findings.add(draft.finding()));
        return findings;
    }

    private List<SchemaFinding> asked(DatabaseSchema schema, List<Draft> drafts) throws SQLException {
        List<SchemaFinding> findings = new ArrayList<>();
        try (Connection connection = schema.open()) {
            for (Draft draft : drafts) {
                findings.add(draft.answered(questions.ask(connection, draft.question())));
            }
        }
        return findings;
    }
}
