package dev.migrate.preflight;

import static dev.migrate.preflight.FakeTables.column;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.table.Column.Kind;
import dev.migrate.table.Mapping;
import dev.migrate.table.Objection.Rule;
import dev.migrate.table.Shape;
import dev.migrate.table.TableSide;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final Shape SHAPE =
            new Shape("users", List.of(column("id", Kind.INTEGER), column("c", Kind.TEXT)), List.of("id"));
    private static final Shape LOCAL =
            new Shape("users", List.of(column("id", Kind.INTEGER), column("c", Kind.TIMESTAMP)), List.of("id"));
    private static final Shape MOMENTS =
            new Shape("users", List.of(column("id", Kind.INTEGER), column("c", Kind.INSTANT)), List.of("id"));
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private final List<Integer> pieces = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();
    private final Migration migration = Migration.named("users")
            .store(new InMemoryMigrationStore(java.time.InstantSource.system()))
            .build();

    @AfterEach
    void close() {
        migration.close();
    }

    private Preflight.Builder preflight(Shape legacy, Object... values) {
        List<Object[]> rows = new ArrayList<>();
        for (Object value : values) {
            rows.add(new Object[] {rows.size() + 1L, value});
        }
        return Preflight.of(migration).legacy(FakeTables.legacy(legacy, rows, pieces));
    }

    @Test
    void run_readsLegacyOnceInPieces_andCountsAlikeObjectionsTogether() throws Exception {
        PreflightReport report = preflight(SHAPE, "a", "long", "longer", "b", "longest")
                .target(FakeTables.target(SHAPE, taken))
                .pieceRows(2)
                .keys(2)
                .build()
                .run();
        assertThat(pieces).containsExactly(2, 2, 1);
        assertThat(taken).containsExactly("l:1", "l:2", "l:3", "l:4", "l:5", "finish", "close");
        assertThat(report.rows()).isEqualTo(5);
        assertThat(report.isClean()).isFalse();
        assertThat(report.findings())
                .containsExactly(
                        new PreflightFinding(
                                Rule.LENGTH,
                                List.of("c"),
                                "at most 3 characters are held",
                                3,
                                true,
                                List.of("l:2", "l:3")),
                        new PreflightFinding(
                                Rule.UNIQUE, List.of("c"), "rows are alike", 40, false, List.of("l:1", "l:2")));
        assertThat(report.unseen()).containsExactly("a thing");
        assertThat(report.toString()).isEqualTo("""
                preflight of migration 'users', from 'users' to 'users': 5 rows, 2 findings
                  LENGTH of c: at most 3 characters are held
                    3 rows: l:2, l:3, ..
                    %s
                  UNIQUE of c: rows are alike
                    at least 40 rows: l:1, l:2, ..
                    %s
                  not looked at: a thing""".formatted(Rule.LENGTH.remedy(), Rule.UNIQUE.remedy()));
    }

    @Test
    void emptyTable_isLookedAtToo() throws Exception {
        PreflightReport report =
                preflight(SHAPE).target(FakeTables.target(SHAPE, taken)).build().run();
        assertThat(report.rows()).isZero();
        assertThat(taken).containsExactly("finish", "close");
    }

    /** The exception's message may have the value, so only its name is told. */
    @Test
    void rowThatTheMappingFailsFor_isAFinding() throws Exception {
        Mapping mapping = Mapping.byName()
                .derive("c")
                .from("c")
                .there(row -> Integer.valueOf(String.valueOf(row.text("c"))).toString())
                .oneWay();
        PreflightReport report = preflight(SHAPE, "1", "secret", "3")
                .target(FakeTables.target(SHAPE, taken))
                .mapping(mapping)
                .build()
                .run();
        assertThat(taken).containsExactly("l:1", "l:3", "finish", "close");
        assertThat(report.findings().get(0))
                .isEqualTo(new PreflightFinding(
                        Rule.MAPPING,
                        List.of("c"),
                        "the mapping fails with NumberFormatException",
                        1,
                        true,
                        List.of("l:2")));
        assertThat(report.toString()).doesNotContain("secret");
    }

    @Test
    void gate_tellsOfTheLatestRun() throws Exception {
        Shape without = new Shape("users", List.of(column("id", Kind.INTEGER)), List.of("id"));
        Preflight preflight = Preflight.of(migration)
                .legacy(FakeTables.legacy(SHAPE, List.of(), pieces))
                .target(FakeTables.target(without, taken))
                .build();
        Gate gate = preflight.clean();
        assertThat(gate.closedBecause()).hasValue("the preflight of 'users' has not been run; run it first");
        preflight.run();
        assertThat(gate.closedBecause())
                .hasValueSatisfying(
                        why -> assertThat(why).contains("was not clean").contains("UNIQUE of c"));
    }

    @Test
    void tableWithoutTrial_isRefusedWithARemedy() {
        TableSide table = FakeTables.withoutTrial(SHAPE);
        Preflight preflight = preflight(SHAPE, "a").target(table).build();
        assertThatThrownBy(preflight::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("table 'users'")
                .hasMessageContaining("which cannot look at rows before they are copied");
    }

    private List<String> timesOf(Preflight.Builder builder) throws Exception {
        return builder.target(FakeTables.target(MOMENTS, taken)).build().run().findings().stream()
                .filter(finding -> finding.rule() == Rule.TIME_ZONE)
                .map(finding -> finding.keys() + " " + finding.what())
                .toList();
    }

    private static final Object[] TIMES = {
        LocalDateTime.parse("2026-01-01T12:00"),
        LocalDateTime.parse("2026-03-29T02:30"),
        LocalDateTime.parse("2026-10-25T02:30")
    };

    @Test
    void timesWithoutAZone_areHeldAgainstTheZoneTheyAreMeantIn() throws Exception {
        assertThat(timesOf(preflight(LOCAL, TIMES).localTimesIn(BERLIN)))
                .containsExactly(
                        "[l:3] the time comes twice by the clocks of Europe/Berlin, and is two moments",
                        "[l:2] the time is left out by the clocks of Europe/Berlin, and no moment",
                        "[l:1] the time is meant in Europe/Berlin, and would be copied as if it were UTC");
        assertThat(timesOf(preflight(LOCAL, TIMES).localTimesIn(ZoneOffset.UTC)))
                .isEmpty();
    }

    @Test
    void timesWithoutAZone_areNotLookedAtWhereNoZoneIsSaid() throws Exception {
        PreflightReport report = preflight(LOCAL, TIMES)
                .target(FakeTables.target(MOMENTS, taken))
                .build()
                .run();
        assertThat(report.unseen().get(0)).contains("column 'c'").contains("localTimesIn(..)");
    }

    @Test
    void momentsThatTheMappingDerives_areLookedAtWhereItHasToGuess() throws Exception {
        Mapping mapping = Mapping.byName()
                .derive("c")
                .from("c")
                .there(row -> ((LocalDateTime) row.get("c")).atZone(BERLIN).toInstant())
                .oneWay();
        assertThat(timesOf(preflight(LOCAL, TIMES).mapping(mapping).localTimesIn(BERLIN)))
                .hasSize(2)
                .noneMatch(what -> what.contains("l:1"));
    }

    @Test
    void badOptions_areRefused() {
        Preflight.Builder builder = Preflight.of(migration);
        assertThatThrownBy(() -> builder.keys(0))
                .hasMessage("keys must be between 1 and 100000, but was 0; give a larger number");
        assertThatThrownBy(() -> builder.pieceRows(100_001))
                .hasMessage("pieceRows must be between 1 and 100000, but was 100001; give a smaller number");
        assertThatThrownBy(() -> builder.comparedRows(0)).hasMessage("comparedRows must be 1 or more, but was 0");
        assertThatThrownBy(builder::build)
                .hasMessage("legacy of the preflight in migration 'users' is missing; name the table with legacy(..)");
    }
}
