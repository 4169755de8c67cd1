package dev.migrate.test;

import static dev.migrate.test.MigrationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Stage;
import dev.migrate.Step;
import dev.migrate.StepRefusedException;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LadderProperties {
    @Property
    void aKey_isOnOneOfTwoNeighbouringStages(@ForAll Position position, @ForAll @IntRange(max = 999_999) int bucket) {
        Stage of = position.stageOf(bucket);
        assertThat(of).isIn(position.stage(), position.stage().next().orElse(position.stage()));
        assertThat(LadderWalk.occupied(position)).contains(of);
    }

    @Property
    void aLaterPosition_neverSendsAKeyBack(
            @ForAll Position one, @ForAll Position other, @ForAll @IntRange(max = 999_999) int bucket) {
        Position earlier = one.compareTo(other) <= 0 ? one : other;
        Position later = one.compareTo(other) <= 0 ? other : one;
        assertThat(earlier.stageOf(bucket)).isLessThanOrEqualTo(later.stageOf(bucket));
    }

    @Property
    void theShare_isHowManyBucketsAreOnTheNextStage(@ForAll Position position) {
        int share = position.partsPerMillion();
        assertThat(position.stageOf(share)).isEqualTo(position.stage());
        if (share > 0) {
            assertThat(position.stageOf(share - 1))
                    .isEqualTo(position.stage().next().orElseThrow());
        }
    }

    @Property
    void noStep_movesAKeyFurtherThanOneStage(@ForAll LadderWalk walk, @ForAll @IntRange(max = 999_999) int bucket) {
        for (int i = 1; i < walk.positions().size(); i++) {
            Stage before = walk.positions().get(i - 1).stageOf(bucket);
            Stage after = walk.positions().get(i).stageOf(bucket);
            assertThat(Math.abs(before.compareTo(after))).isLessThanOrEqualTo(1);
        }
    }

    @Property(tries = 5_000)
    void aStep_isRefusedExactlyWhereTwoPositionsOccupyMoreThanTwoNeighbours(
            @ForAll Position from, @ForAll Position to) {
        assertThat(from.refusalOfStepTo(to).isEmpty()).isEqualTo(LadderWalk.isLegal(from, to));
    }

    @Property(tries = 500)
    void aStep_handsOverOneRunOfSegments_fromOneSide(@ForAll @Size(min = 1, max = 40) List<Position> wishes) {
        List<Position> walk = LadderWalk.towards(wishes).positions();
        Assume.that(walk.size() > 1);
        Position from = walk.get(walk.size() - 2);
        Position to = walk.get(walk.size() - 1);
        Step step = new Step(from, to, 2, Duration.ofSeconds(5));
        BitSet handedOver = new BitSet();
        for (int segment = 0; segment < Position.SEGMENTS; segment++) {
            handedOver.set(segment, from.authoritativeFor(segment) != to.authoritativeFor(segment));
        }
        BitSet said = new BitSet();
        said.set(step.firstHandedOver(), step.endHandedOver());
        assertThat(said).isEqualTo(handedOver);
        assertThat(step.handsOver()).isEqualTo(!handedOver.isEmpty());
        assertThat(handedOver.stream().mapToObj(from::authoritativeFor)).allMatch(side -> side == step.giver());
    }

    @Property(tries = 300)
    void moveTo_takesExactlyTheLegalSteps_andARefusedOneLeavesNothing(@ForAll @Size(max = 40) List<Position> wishes) {
        try (Migration orders = Migration.named("orders")
                .store(new InMemoryMigrationStore())
                .operator(() -> "ada")
                .build()) {
            for (Position wish : wishes) {
                tryStep(orders, wish);
            }
        }
    }

    private static void tryStep(Migration orders, Position wish) {
        Migration.View before = orders.view();
        List<AuditEntry> audit = orders.audit(1_000);
        if (LadderWalk.isLegal(before.position(), wish)) {
            orders.moveTo(wish, "to " + wish);
            assertThat(orders).standsAt(wish).wasLastMovedBy("ada", "to " + wish);
            assertThat(orders.view().epoch()).isEqualTo(before.epoch() + 1);
            assertThat(orders.audit(1_000)).hasSize(audit.size() + 1);
        } else {
            assertThatThrownBy(() -> orders.moveTo(wish, "to " + wish))
                    .isInstanceOf(StepRefusedException.class)
                    .hasMessageContaining("migration 'orders'");
            assertThat(orders.view()).isEqualTo(before);
            assertThat(orders.refresh()).isEqualTo(before);
            assertThat(orders.audit(1_000)).isEqualTo(audit);
        }
    }

    @Property(tries = 300)
    void turnBackTo_getsThereInLegalSteps_orIsRefused(@ForAll LadderWalk walk, @ForAll Position to) {
        try (Migration orders = walked(walk)) {
            Position from = orders.current();
            List<AuditEntry> audit = orders.audit(1_000);
            if (from.stage() == Stage.TARGET_ONLY || from.compareTo(to) <= 0) {
                assertThatThrownBy(() -> orders.turnBackTo(to, "back")).isInstanceOf(StepRefusedException.class);
                assertThat(orders).standsAt(from);
                assertThat(orders.audit(1_000)).isEqualTo(audit);
                return;
            }
            orders.turnBackTo(to, "back");
            assertThat(orders).standsAt(to).wasLastMovedBy("ada", "back");
            for (AuditEntry entry : orders.audit(orders.audit(1_000).size() - audit.size())) {
                Position before = Position.parse(String.valueOf(entry.from()));
                Position after = Position.parse(entry.to());
                assertThat(before).isGreaterThan(after);
                assertThat(LadderWalk.isLegal(before, after)).isTrue();
            }
        }
    }

    @Property(tries = 200)
    void whileTheShareGrows_aKeyOfTheApplicationNeverGoesBack(
            @ForAll("keys") Object key, @ForAll("shares") int one, @ForAll("shares") int other) {
        Assume.that(one != other && Math.max(one, other) < Position.BUCKETS && Math.min(one, other) > 0);
        try (Migration orders =
                Migration.named("orders").store(new InMemoryMigrationStore()).build()) {
            orders.moveTo(Stage.DUAL_WRITE, "test");
            orders.moveTo(Position.of(Stage.DUAL_WRITE, Math.min(one, other)), "test");
            Stage before = orders.stageOf(key);
            orders.moveTo(Position.of(Stage.DUAL_WRITE, Math.max(one, other)), "test");
            assertThat(orders.stageOf(key)).isGreaterThanOrEqualTo(before);
            assertThat(orders).hasKeyOn(key, orders.current().stageOf(orders.bucketOf(key)));
        }
    }

    private static Migration walked(LadderWalk walk) {
        Migration orders = Migration.named("orders")
                .store(new InMemoryMigrationStore())
                .operator(() -> "ada")
                .build();
        walk.positions().stream().skip(1).forEach(position -> orders.moveTo(position, "to " + position));
        assertThat(orders).standsAt(walk.last());
        return orders;
    }

    @Provide
    Arbitrary<Object> keys() {
        return MigrationArbitraries.keys();
    }

    @Provide
    Arbitrary<Integer> shares() {
        return MigrationArbitraries.shares();
    }
}
