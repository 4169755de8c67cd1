package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.Version;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

class MigrationArbitrariesProperties {
    @Property
    void walks_beginAtTheStart_andTakeLegalStepsOnly(@ForAll LadderWalk walk) {
        assertThat(walk.positions().get(0)).isEqualTo(Position.START);
        for (int i = 1; i < walk.positions().size(); i++) {
            Position from = walk.positions().get(i - 1);
            assertThat(from.refusalOfStepTo(walk.positions().get(i))).isEmpty();
        }
        Statistics.label("end").collect(walk.last().stage()).coverage(seen -> {
            for (Stage stage : Stage.values()) {
                seen.check(stage).count(n -> n > 0);
            }
        });
    }

    @Property
    void positions_areOfEveryStage_wholeAndShared(@ForAll Position position) {
        Statistics.collect(position.stage(), position.isWhole());
        Statistics.coverage(seen -> {
            for (Stage stage : Stage.values()) {
                seen.check(stage, true).count(n -> n > 0);
                seen.check(stage, false).count(n -> stage.hasShares() ? n > 0 : n == 0);
            }
        });
    }

    @Property
    void versions_haveAnEpoch(@ForAll Version version) {
        assertThat(version.isAfter(Version.NONE)).isTrue();
    }

    @Property
    void texts_areEmptyAndHuge_andSurviveUtf8(@ForAll("texts") String text) {
        assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(text).doesNotContain("\0");
        Statistics.label("empty").collect(text.isEmpty());
        Statistics.label("empty").coverage(seen -> seen.check(true).count(n -> n > 0));
        Statistics.label("huge").collect(text.length() > 2_000);
        Statistics.label("huge").coverage(seen -> seen.check(true).count(n -> n > 0));
        Statistics.label("outside the basic plane").collect(text.codePointCount(0, text.length()) < text.length());
        Statistics.label("outside the basic plane")
                .coverage(seen -> seen.check(true).count(n -> n > 0));
    }

    @Provide
    Arbitrary<String> texts() {
        return MigrationArbitraries.texts();
    }

    @Example
    void aStepIsLegal_onlyBetweenNeighbours() {
        assertThat(LadderWalk.isLegal(Position.START, Position.of(Stage.DUAL_WRITE)))
                .isTrue();
        assertThat(LadderWalk.isLegal(Position.START, Position.of(Stage.SHADOW)))
                .isFalse();
        assertThat(LadderWalk.isLegal(Position.START, Position.START)).isFalse();
        assertThat(LadderWalk.isLegal(Position.of(Stage.TARGET_ONLY), Position.of(Stage.RAMP_DOWN)))
                .isFalse();
    }
}
