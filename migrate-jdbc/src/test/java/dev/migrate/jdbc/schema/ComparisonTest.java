package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.migrate.MigrationException;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.schema.SchemaFinding;
import dev.migrate.schema.SchemaFinding.Severity;
import dev.migrate.schema.SchemaFinding.Subject;
import dev.migrate.schema.SchemaReport;
import dev.migrate.table.Mapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is compared of two documents. */
class ComparisonTest {
    private static final String ID = "\"id\":{\"type\":\"bigint\",\"nullable\":false,\"primary_key\":true}";

    /** A table {@code t} with a key and some more columns, and what follows its columns. */
    private static DatabaseSchema table(String columns, String rest) {
        return DatabaseSchema.parse("{\"tables\":{\"t\":{\"columns\":{" + ID + (columns.isEmpty() ? "" : "," + columns)
                + "}" + (rest.isEmpty() ? "" : "," + rest) + "}}}");
    }

    private static DatabaseSchema column(String described) {
        return table("\"c\":{" + described + "}", "");
    }

    private static List<SchemaFinding> between(DatabaseSchema legacy, DatabaseSchema target) {
        return SchemaCompatibility.between(legacy, target).check().findings();
    }

    private static SchemaFinding only(List<SchemaFinding> findings) {
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void aNarrowerTarget_blocksDualWrite() {
        SchemaFinding finding = only(
                between(column("\"type\":\"varchar\",\"length\":50"), column("\"type\":\"varchar\",\"length\":40")));
        assertThat(finding.severity()).isEqualTo(Severity.RISKY);
        assertThat(finding.blocks()).isEqualTo(Stage.DUAL_WRITE);
        assertThat(finding.side()).isEqualTo(Side.TARGET);
        assertThat(finding.subject()).isEqualTo(Subject.TYPE);
        assertThat(finding.legacy()).isEqualTo("varchar(50)");
        assertThat(finding.target()).isEqualTo("varchar(40)");
        assertThat(finding.mend()).isEqualTo("alter table \"t\" alter column \"c\" set data type varchar(50)");
        assertThat(finding.undo()).isEqualTo("alter table \"t\" alter column \"c\" set data type varchar(40)");
    }

    @Test
    void aNarrowerLegacy_blocksLive() {
        SchemaFinding finding = only(between(column("\"type\":\"int\""), column("\"type\":\"bigint\"")));
        assertThat(finding.blocks()).isEqualTo(Stage.LIVE);
        assertThat(finding.side()).isEqualTo(Side.LEGACY);
        assertThat(finding.what()).contains("between -2147483648 and 2147483647");
    }

    @Test
    void anotherKindOfType_breaks() {
        assertThat(between(column("\"type\":\"date\""), column("\"type\":\"boolean\"")))
                .extracting(SchemaFinding::severity, SchemaFinding::blocks)
                .containsExactly(tuple(Severity.BREAKING, Stage.DUAL_WRITE), tuple(Severity.BREAKING, Stage.LIVE));
    }

    @Test
    void aDerivedColumn_isNotComparedByType() {
        Mapping mapping =
                Mapping.byName().derive("c").from("c").there(row -> true).back(value -> Map.of());
        assertThat(SchemaCompatibility.between(column("\"type\":\"date\""), column("\"type\":\"boolean\""))
                        .mapped("t", mapping)
                        .check()
                        .findings())
                .isEmpty();
    }

    @Test
    void aRequiredColumnOfTheTargetAlone_breaksDualWrite() {
        SchemaFinding finding = only(between(table("", ""), column("\"type\":\"int\",\"nullable\":false")).stream()
                .filter(one -> one.severity() == Severity.BREAKING)
                .toList());
        assertThat(finding.blocks()).isEqualTo(Stage.DUAL_WRITE);
        assertThat(finding.mend()).isEqualTo("alter table \"t\" alter column \"c\" drop not null");
        assertThat(finding.undo()).isEqualTo("alter table \"t\" alter column \"c\" set not null");
    }

    @Test
    void aRequiredColumnOfLegacyAlone_breaksLive_andIsLostBefore() {
        assertThat(between(column("\"type\":\"int\",\"nullable\":false"), table("", "")))
                .extracting(SchemaFinding::severity, SchemaFinding::blocks, SchemaFinding::side)
                .containsExactly(
                        tuple(Severity.BREAKING, Stage.LIVE, Side.LEGACY),
                        tuple(Severity.RISKY, Stage.DUAL_WRITE, Side.TARGET));
    }

    @Test
    void anOptionalColumnOfTheTargetAlone_isLostOnTheWayBack() {
        SchemaFinding finding =
                only(between(table("", ""), column("\"type\":\"int\",\"nullable\":false,\"default\":0")));
        assertThat(finding.severity()).isEqualTo(Severity.RISKY);
        assertThat(finding.blocks()).isEqualTo(Stage.LIVE);
        assertThat(finding.mend()).isEqualTo("alter table \"t\" add column \"c\" integer");
        assertThat(finding.undo()).isEqualTo("alter table \"t\" drop column \"c\"");
    }

    @Test
    void aColumnThatIsLeftOut_isFine_unlessLegacyNeedsIt() {
        SchemaCompatibility optional = SchemaCompatibility.between(column("\"type\":\"int\""), table("", ""))
                .mapped("t", Mapping.byName().leaveOut("c"));
        assertThat(only(optional.check().findings()).severity()).isEqualTo(Severity.FINE);
        SchemaCompatibility needed = SchemaCompatibility.between(
                        column("\"type\":\"int\",\"nullable\":false"), table("", ""))
                .mapped("t", Mapping.byName().leaveOut("c"));
        assertThat(needed.check().isOpenFor(Stage.DUAL_WRITE)).isTrue();
        assertThat(needed.check().isOpenFor(Stage.LIVE)).isFalse();
    }

    @Test
    void aRenamedColumn_isComparedWithItsCounterpart() {
        DatabaseSchema legacy = table("\"mail\":{\"type\":\"varchar\",\"length\":50}", "");
        DatabaseSchema target = table("\"email\":{\"type\":\"varchar\",\"length\":50}", "");
        Mapping mapping = Mapping.byName().rename("mail", "email");
        assertThat(SchemaCompatibility.between(legacy, target)
                        .mapped("T", mapping)
                        .check()
                        .findings())
                .isEmpty();
        assertThat(between(legacy, target)).hasSize(2);
    }

    @Test
    void aMappingThatNamesWhatIsNotThere_breaks() {
        SchemaReport report = SchemaCompatibility.between(table("", ""), table("", ""))
                .mapped("t", Mapping.byName().rename("mail", "email"))
                .check();
        assertThat(report.findings())
                .allMatch(finding -> finding.subject() == Subject.MAPPING && finding.severity() == Severity.BREAKING)
                .extracting(SchemaFinding::what)
                .containsExactly(
                        "the mapping names legacy column 'mail', which is not there",
                        "the mapping names target column 'email', which is not there");
    }

    @Test
    void whatMustNotBeNull_isRiskyInThatDirectionAlone() {
        SchemaFinding finding = only(
                between(column("\"type\":\"int\""), column("\"type\":\"int\",\"nullable\":false,\"default\":1"))
                        .stream()
                        .filter(one -> one.subject() == Subject.NULLABILITY)
                        .toList());
        assertThat(finding.severity()).isEqualTo(Severity.RISKY);
        assertThat(finding.blocks()).isEqualTo(Stage.DUAL_WRITE);
    }

    @Test
    void anotherDefault_isFine_andBlocksNothing() {
        SchemaFinding finding =
                only(between(column("\"type\":\"int\",\"default\":1"), column("\"type\":\"int\",\"default\":2")));
        assertThat(finding.severity()).isEqualTo(Severity.FINE);
        assertThat(finding.blocks()).isNull();
        assertThat(finding.mend()).isEqualTo("alter table \"t\" alter column \"c\" set default 1");
        assertThat(finding.undo()).isEqualTo("alter table \"t\" alter column \"c\" set default 2");
        assertThat(between(
                        column("\"type\":\"numeric\",\"default\":1.50"),
                        column("\"type\":\"numeric\",\"default\":1.5")))
                .isEmpty();
    }

    @Test
    void aKeyThatIsNotUniqueThere_breaks() {
        DatabaseSchema other = DatabaseSchema.parse("{\"tables\":{\"t\":{\"columns\":{\"id\":{\"type\":\"bigint\","
                + "\"nullable\":false},\"c\":{\"type\":\"int\",\"nullable\":false,\"primary_key\":true}}}}}");
        assertThat(between(column("\"type\":\"int\",\"nullable\":false"), other))
                .filteredOn(finding -> finding.severity() == Severity.BREAKING)
                .extracting(SchemaFinding::blocks, SchemaFinding::subject, SchemaFinding::mend)
                .containsExactly(
                        tuple(
                                Stage.DUAL_WRITE,
                                Subject.KEY,
                                "alter table \"t\" add constraint \"t_id_key\" unique (\"id\")"),
                        tuple(Stage.LIVE, Subject.KEY, "alter table \"t\" add constraint \"t_c_key\" unique (\"c\")"));
    }

    @Test
    void aTableWithoutAnyKey_breaks() {
        DatabaseSchema keyless =
                DatabaseSchema.parse("{\"tables\":{\"t\":{\"columns\":{\"id\":{\"type\":\"bigint\"}}}}}");
        assertThat(between(keyless, keyless))
                .extracting(SchemaFinding::severity, SchemaFinding::subject)
                .containsOnly(tuple(Severity.BREAKING, Subject.KEY));
    }

    @Test
    void whatMustBeUniqueInTheTargetAlone_isRisky() {
        DatabaseSchema legacy = column("\"type\":\"int\"");
        DatabaseSchema target =
                table("\"c\":{\"type\":\"int\"}", "\"indexes\":[{\"name\":\"u\",\"columns\":[\"c\"],\"unique\":true}]");
        SchemaFinding finding = only(between(legacy, target));
        assertThat(finding.severity()).isEqualTo(Severity.RISKY);
        assertThat(finding.blocks()).isEqualTo(Stage.DUAL_WRITE);
        assertThat(finding.subject()).isEqualTo(Subject.UNIQUE);
        assertThat(finding.mend()).isEqualTo("drop index \"u\"");
        assertThat(finding.undo()).isEqualTo("create unique index \"u\" on \"t\" (\"c\")");
        assertThat(only(between(target, legacy)).blocks()).isEqualTo(Stage.LIVE);
    }

    @Test
    void whatIsUniqueByFewerColumns_isUniqueByMore() {
        DatabaseSchema byOne = table("\"a\":{\"type\":\"int\",\"unique\":true},\"b\":{\"type\":\"int\"}", "");
        DatabaseSchema byTwo = table(
                "\"a\":{\"type\":\"int\"},\"b\":{\"type\":\"int\"}", "\"constraints\":{\"unique\":[[\"b\",\"a\"]]}");
        assertThat(only(between(byOne, byTwo)).blocks()).isEqualTo(Stage.LIVE);
    }

    @Test
    void aReferenceOfTheTargetAlone_isRisky() {
        String parent = "\"constraints\":{\"foreign_key\":[{\"columns\":[\"c\"],\"references\":\"t(id)\"%s}]}";
        DatabaseSchema without = column("\"type\":\"bigint\"");
        DatabaseSchema with = table("\"c\":{\"type\":\"bigint\"}", parent.formatted(""));
        DatabaseSchema cascading = table("\"c\":{\"type\":\"bigint\"}", parent.formatted(",\"on_delete\":\"CASCADE\""));
        assertThat(only(between(without, with)))
                .matches(finding -> finding.severity() == Severity.RISKY && finding.blocks() == Stage.DUAL_WRITE);
        assertThat(between(cascading, with))
                .as(
                        "legacy deletes what refers to a row; the target refuses, and the other way round does what was done already")
                .extracting(SchemaFinding::severity, SchemaFinding::side)
                .containsExactly(tuple(Severity.RISKY, Side.TARGET), tuple(Severity.FINE, Side.LEGACY));
        assertThat(between(with, with)).isEmpty();
    }

    /** It is NULL in every copied row, which is like no other and refers to nothing; a constant is like itself. */
    @Test
    void aConstraintOnAColumnOfTheTargetAlone_isMetByNull() {
        String rest =
                "\"constraints\":{\"unique\":[\"c\"],\"foreign_key\":[{\"columns\":[\"c\"],\"references\":\"t(id)\"}]}";
        assertThat(between(table("", ""), table("\"c\":{\"type\":\"bigint\"}", rest)))
                .extracting(SchemaFinding::subject)
                .containsExactly(Subject.COLUMN);
        assertThat(between(table("", ""), table("\"c\":{\"type\":\"bigint\",\"default\":1}", rest)))
                .extracting(SchemaFinding::subject)
                .containsExactlyInAnyOrder(Subject.COLUMN, Subject.UNIQUE, Subject.FOREIGN_KEY);
    }

    private static DatabaseSchema checked(String check) {
        return table("\"c\":{\"type\":\"varchar\",\"length\":10}", "\"constraints\":{\"check\":[\"" + check + "\"]}");
    }

    @Test
    void aCheckOfTheTargetAlone_isRisky_unlessItIsImplied() {
        DatabaseSchema none = column("\"type\":\"varchar\",\"length\":10");
        assertThat(only(between(none, checked("c LIKE 'a%'"))).subject()).isEqualTo(Subject.CHECK);
        assertThat(between(none, checked("c IS NULL OR LENGTH(c) <= 10"))).isEmpty();
        assertThat(between(none, checked("LENGTH(c) < 11"))).isEmpty();
        assertThat(between(none, checked("LENGTH(c) <= 9"))).hasSize(1);
        assertThat(between(checked("c IN ('a')"), checked("c IN ('a', 'b')")))
                .extracting(SchemaFinding::blocks)
                .containsExactly(Stage.LIVE);
        assertThat(between(checked("c LIKE 'a%' AND LENGTH(c) > 2"), checked("LENGTH(c) > 2 AND c LIKE 'a%'")))
                .isEmpty();
        assertThat(between(checked("c LIKE 'a%'"), checked("c IS NULL OR c LIKE 'a%'")))
                .isEmpty();
    }

    @Test
    void aCheckThatIsNotUnderstood_isRisky_unlessItIsWrittenAlike() {
        DatabaseSchema strange = checked("CASE WHEN c = 'a' THEN 1 END = 1");
        assertThat(between(strange, checked("case when (C = 'a') then 1 end = 1")))
                .isEmpty();
        assertThat(only(between(column("\"type\":\"varchar\",\"length\":10"), strange))
                        .what())
                .contains("not understood");
    }

    @Test
    void anIndexOfOneSide_isFine_whereNoOtherBeginsAlike() {
        String index = "\"indexes\":[{\"name\":\"i\",\"columns\":[%s]}]";
        DatabaseSchema without = table("\"a\":{\"type\":\"int\"},\"b\":{\"type\":\"int\"}", "");
        DatabaseSchema byA = table("\"a\":{\"type\":\"int\"},\"b\":{\"type\":\"int\"}", index.formatted("\"a\""));
        DatabaseSchema byBoth =
                table("\"a\":{\"type\":\"int\"},\"b\":{\"type\":\"int\"}", index.formatted("\"a\",\"b\""));
        SchemaFinding finding = only(between(byA, without));
        assertThat(finding.severity()).isEqualTo(Severity.FINE);
        assertThat(finding.mend()).isEqualTo("create index \"t_a_idx\" on \"t\" (\"a\")");
        assertThat(between(byA, byBoth)).extracting(SchemaFinding::side).containsExactly(Side.LEGACY);
    }

    @Test
    void aTableOfOneSide_breaksDualWrite_orIsLostOnTheWayBack() {
        DatabaseSchema empty = DatabaseSchema.parse("{\"tables\":{}}");
        SchemaFinding gone = only(between(table("", ""), empty));
        assertThat(gone.severity()).isEqualTo(Severity.BREAKING);
        assertThat(gone.mend()).isEqualTo("create table \"t\" (\"id\" bigint not null, primary key (\"id\"))");
        assertThat(gone.undo()).isEqualTo("drop table \"t\"");
        SchemaFinding added = only(between(empty, table("", "")));
        assertThat(added.severity()).isEqualTo(Severity.RISKY);
        assertThat(added.blocks()).isEqualTo(Stage.LIVE);
        assertThat(SchemaCompatibility.between(table("", ""), empty)
                        .leaveOut("T")
                        .check()
                        .findings())
                .isEmpty();
    }

    @Test
    void aTableThatIsMappedToAnother_leavesNothingToTheOneOfThatName() {
        String two = "{\"tables\":{\"users\":{\"columns\":{%1$s}},\"accounts\":{\"columns\":{%1$s}}}}".formatted(ID);
        String one = "{\"tables\":{\"accounts\":{\"columns\":{%s}}}}".formatted(ID);
        SchemaFinding finding = only(SchemaCompatibility.between(DatabaseSchema.parse(two), DatabaseSchema.parse(one))
                .mapped("users", "accounts", Mapping.byName())
                .check()
                .findings());
        assertThat(finding.table()).isEqualTo("accounts");
        assertThat(finding.what()).contains("nothing can be copied");
    }

    @Test
    void theSameDocument_hasNoFinding() {
        DatabaseSchema library = DatabaseSchema.parse(BuiltSchema.document("library-after.json"));
        assertThat(between(library, library)).isEmpty();
    }

    @Test
    void twoDocuments_haveTheReportThatIsWrittenDown() {
        SchemaReport report = SchemaCompatibility.between(
                        DatabaseSchema.parse(BuiltSchema.document("library-before.json")),
                        DatabaseSchema.parse(BuiltSchema.document("library-after.json")))
                .check();
        assertThat(report.toText()).isEqualTo(BuiltSchema.document("library-report.txt"));
        assertThat(report.toJson() + "\n").isEqualTo(BuiltSchema.document("library-report.json"));
    }

    @Test
    void someTables_areLookedAtAlone() {
        DatabaseSchema before = DatabaseSchema.parse(BuiltSchema.document("library-before.json"));
        DatabaseSchema after = DatabaseSchema.parse(BuiltSchema.document("library-after.json"));
        assertThat(SchemaCompatibility.between(before, after)
                        .tables("readers")
                        .check()
                        .findings())
                .isNotEmpty()
                .allMatch(finding -> finding.table().equals("readers"));
    }

    @Test
    void whatIsNotThere_isRefusedByName() {
        SchemaCompatibility compatibility = SchemaCompatibility.between(table("", ""), table("", ""));
        assertThatThrownBy(() -> compatibility.tables("x").check())
                .isInstanceOf(MigrationException.class)
                .hasMessage("there is no table 'x' in the legacy schema; it has [t]");
        assertThatThrownBy(
                        () -> compatibility.mapped("t", "x", Mapping.byName()).check())
                .hasMessage("there is no table 'x' in the target schema; it has [t]");
        assertThatThrownBy(() -> compatibility.mapped("t", Mapping.byName()).mapped("T", Mapping.byName()))
                .hasMessageContaining("must each be mapped once");
        assertThatThrownBy(() -> compatibility.patience(Duration.ofMillis(10)))
                .hasMessage("patience must be between PT1S and PT1H, but was PT0.01S; give a longer time");
    }
}
