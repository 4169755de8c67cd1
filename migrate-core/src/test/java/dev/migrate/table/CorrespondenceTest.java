package dev.migrate.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CorrespondenceTest {
    @Test
    void columnsOfEqualNames_correspondInAnyCase() {
        Correspondence found =
                Mapping.byName().correspondence(List.of("ID", "Name", "gone"), List.of("id", "name", "more"));
        assertThat(found.pairs()).containsOnly(Map.entry("id", "id"), Map.entry("name", "name"));
        assertThat(found.targetOf("NAME")).isEqualTo("name");
        assertThat(found.legacyOf("more")).isNull();
        assertThat(found.missing()).isEmpty();
    }

    @Test
    void aRenamedColumn_correspondsToNothingElse() {
        Correspondence found = Mapping.byName()
                .rename("mail", "EMAIL")
                .correspondence(List.of("id", "mail", "email"), List.of("id", "email", "mail"));
        assertThat(found.pairs()).containsOnly(Map.entry("id", "id"), Map.entry("mail", "email"));
    }

    @Test
    void aDerivedColumn_isMadeAndMadeBack_whereThereIsAWayBack() {
        List<String> legacy = List.of("id", "first", "last");
        List<String> target = List.of("id", "full", "first");
        Mapping.Way way = Mapping.byName().derive("full").from("first", "last").there(user -> "x");
        Correspondence back = way.back(name -> Map.of()).correspondence(legacy, target);
        assertThat(back.derived()).containsOnly(Map.entry("full", List.of("first", "last")));
        assertThat(back.madeBack()).containsExactlyInAnyOrder("first", "last");
        assertThat(back.pairs()).containsOnlyKeys("id");
        assertThat(back.isRead("LAST")).isTrue();
        assertThat(back.isRead("id")).isFalse();
        Correspondence oneWay = way.oneWay().correspondence(legacy, target);
        assertThat(oneWay.madeBack()).isEmpty();
        assertThat(oneWay.pairs()).containsOnlyKeys("id", "first");
    }

    @Test
    void whatIsLeftOut_correspondsToNothing() {
        Correspondence found =
                Mapping.byName().leaveOut("Note").correspondence(List.of("id", "note"), List.of("id", "note"));
        assertThat(found.pairs()).containsOnlyKeys("id");
        assertThat(found.leftOut()).containsExactly("note");
    }

    @Test
    void whatIsNotThere_isNamed() {
        Correspondence found = Mapping.byName()
                .rename("mail", "email")
                .derive("full")
                .from("first")
                .there(user -> "x")
                .oneWay()
                .correspondence(List.of("id"), List.of("id"));
        assertThat(found.missing())
                .containsExactly(
                        "legacy column 'mail'",
                        "target column 'email'",
                        "legacy column 'first'",
                        "target column 'full'");
        assertThat(found.pairs()).containsOnlyKeys("id");
        assertThat(found.derived()).isEmpty();
    }
}
