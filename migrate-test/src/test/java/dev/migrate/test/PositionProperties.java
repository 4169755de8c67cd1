package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Stage;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PositionProperties {
    @Property
    void textForm_isReadBack_withAndWithoutSpaces(@ForAll Position position) {
        assertThat(Position.parse(position.toString())).isEqualTo(position);
        assertThat(Position.parse(position.toString().replace(" ", ""))).isEqualTo(position);
    }

    @Property
    void textForm_isOneOfItsOwn(@ForAll Position one, @ForAll Position other) {
        assertThat(one.toString().equals(other.toString())).isEqualTo(one.equals(other));
        assertThat(one.compareTo(other) == 0).isEqualTo(one.equals(other));
        assertThat(one.walk() == other.walk()).isEqualTo(one.equals(other));
    }

    @Property
    void anyText_isAPositionOrRefusedWithItself(@ForAll("texts") String text) {
        try {
            Position read = Position.parse(text);
            assertThat(Position.parse(read.toString())).isEqualTo(read);
        } catch (MigrationException refused) {
            assertThat(refused).hasMessageContaining(text);
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return MigrationArbitraries.texts();
    }

    @Property
    void percent_isExactToFourDecimals(@ForAll("shares") int share) {
        assertThat(Position.partsPerMillion(share / 10_000.0)).isEqualTo(share);
    }

    @Provide
    Arbitrary<Integer> shares() {
        return MigrationArbitraries.shares();
    }

    @Example
    void theWholeOfAStage_hasOneForm() {
        assertThat(Stage.SHADOW.plusPercent(100)).isEqualTo(Position.of(Stage.LIVE));
        assertThat(Stage.SHADOW.plusPercent(0)).isEqualTo(Position.of(Stage.SHADOW));
        assertThat(Position.parse("SHADOW + 100 %")).isEqualTo(Position.of(Stage.LIVE));
        assertThat(Stage.SHADOW.plusPercent(2.5)).hasToString("SHADOW + 2.5 %");
        assertThat(Stage.LIVE.plusPercent(0.0001)).hasToString("LIVE + 0.0001 %");
    }

    @Example
    void whatIsNoPosition_isRefusedWithRuleAndValue() {
        refused(() -> Stage.SHADOW.plusPercent(120), "between 0 and 100", "120");
        refused(() -> Stage.SHADOW.plusPercent(-1), "between 0 and 100", "-1");
        refused(() -> Stage.SHADOW.plusPercent(Double.NaN), "between 0 and 100", "NaN");
        refused(() -> Stage.LIVE.plusPercent(0.00001), "four decimals");
        refused(() -> Stage.SHADOW.plusPercent(0.05), "multiple of 0.1 percent", "500");
        refused(() -> Stage.LEGACY_ONLY.plusPercent(5), "must be 0", "50000");
        refused(() -> Stage.LEGACY_ONLY.plusPercent(100), "LEGACY_ONLY");
        refused(() -> Stage.TARGET_ONLY.plusPercent(5), "must be 0");
        refused(() -> new Position(Stage.LIVE, 1_000_000), "between 0 and 999999", "1000000");
        for (String text :
                List.of("", "SHADOW +", "SHADOW + 5", "SHADOW + 5 % %", "shadow", "SHADOW + 1e999999999 %")) {
            refused(() -> Position.parse(text), "SHADOW + 25 %", "'" + text + "'");
        }
    }

    private static void refused(Runnable construction, String... inMessage) {
        assertThatThrownBy(construction::run)
                .isInstanceOf(MigrationException.class)
                .hasMessageContainingAll(inMessage);
    }
}
