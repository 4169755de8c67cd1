package dev.migrate.internal.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.StaleChangeException;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.SegmentRole;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoleKeeperTest {
    private final List<String> assigned = new ArrayList<>();
    private final TwoSides<SideBooks> books = new TwoSides<>(noting(Side.LEGACY), noting(Side.TARGET));
    private final RoleKeeper keeper = new RoleKeeper("items", books);

    private SideBooks noting(Side side) {
        SideBooks made = new InMemorySideBooks(InstantSource.system());
        return (SideBooks) Proxy.newProxyInstance(
                SideBooks.class.getClassLoader(), new Class<?>[] {SideBooks.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("assign")) {
                        SegmentRange range = (SegmentRange) arguments[0];
                        assigned.add(side + " " + arguments[1] + " " + range.from() + "-" + range.to());
                    }
                    try {
                        return method.invoke(made, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private SegmentRole role(Side side, int segment) {
        return books.of(side).roles().get(segment);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void sides_haveTheRolesOfTheStage_andItsEpoch(Stage stage) {
        keeper.apply(Position.of(stage), 7, null);
        Side authority = stage.authoritative();
        assertThat(role(authority, 500)).isEqualTo(new SegmentRole(500, Role.AUTHORITY, stage.writesShadow(), 7));
        assertThat(role(authority.other(), 500)).isEqualTo(new SegmentRole(500, Role.SHADOW, false, 7));
        assertThat(keeper.agreesWith(Position.of(stage), 7)).isTrue();
    }

    /** Between the two no side takes writes; the other way round both would. */
    @Test
    void shadow_isToldBeforeTheAuthority() {
        keeper.apply(Position.of(Stage.SHADOW), 1, null);
        assertThat(assigned).containsExactly("TARGET SHADOW 0-1000", "LEGACY AUTHORITY 0-1000");
        assigned.clear();
        keeper.apply(Position.of(Stage.LIVE), 2, null);
        assertThat(assigned).containsExactly("LEGACY SHADOW 0-1000", "TARGET AUTHORITY 0-1000");
    }

    @Test
    void share_isAssignedAsRanges_andOnlyWhereItDiffers() {
        keeper.apply(Position.of(Stage.SHADOW), 1, null);
        assigned.clear();
        Position share = Position.of(Stage.SHADOW, 100_000);
        keeper.apply(share, 2, null);
        assertThat(assigned).containsExactly("LEGACY SHADOW 0-100", "TARGET AUTHORITY 0-100");
        assertThat(role(Side.TARGET, 99).role()).isEqualTo(Role.AUTHORITY);
        assertThat(role(Side.TARGET, 100).role()).isEqualTo(Role.SHADOW);
        assertThat(role(Side.LEGACY, 100).epoch()).as("left alone").isEqualTo(1);
        assigned.clear();
        keeper.apply(share, 3, null);
        assertThat(assigned).isEmpty();
    }

    /** What an earlier controller has on its way there must meet a greater epoch. */
    @Test
    void rangeThatIsRaised_isAssignedEvenWhereItIsRight() {
        keeper.apply(Position.of(Stage.SHADOW), 1, null);
        assigned.clear();
        keeper.apply(Position.of(Stage.SHADOW), 2, new SegmentRange(10, 20));
        assertThat(assigned).containsExactly("TARGET SHADOW 10-20", "LEGACY AUTHORITY 10-20");
        assertThat(role(Side.TARGET, 9).epoch()).isEqualTo(1);
        assertThat(role(Side.TARGET, 10).epoch()).isEqualTo(2);
        assertThat(role(Side.TARGET, 19).epoch()).isEqualTo(2);
        assertThat(role(Side.TARGET, 20).epoch()).isEqualTo(1);
    }

    @Test
    void fencedSegment_isNotInLine() {
        keeper.apply(Position.of(Stage.SHADOW), 1, null);
        books.target().assign(new SegmentRange(999, 1_000), Role.FENCED, false, 2);
        assertThat(keeper.agreesWith(Position.of(Stage.SHADOW), 1)).isFalse();
        keeper.apply(Position.of(Stage.SHADOW), 3, null);
        assertThat(keeper.agreesWith(Position.of(Stage.SHADOW), 1)).isTrue();
    }

    @Test
    void authorityThatDoesNotKnowThatItsWritesAreCopied_isNotInLine() {
        keeper.apply(Position.of(Stage.LEGACY_ONLY), 1, null);
        assertThat(keeper.agreesWith(Position.of(Stage.DUAL_WRITE), 0)).isFalse();
        keeper.apply(Position.of(Stage.DUAL_WRITE), 2, null);
        assertThat(role(Side.LEGACY, 0).journalled()).isTrue();
        assertThat(role(Side.TARGET, 0).epoch()).as("was right before").isEqualTo(1);
    }

    /** Either side, where it was told last in an earlier generation. */
    @Test
    void rolesOfAnEarlierGeneration_areNotInLine_unlessNothingIsCopied() {
        keeper.apply(Position.of(Stage.DUAL_WRITE), 5, null);
        Position position = Position.of(Stage.DUAL_WRITE);
        assertThat(keeper.agreesWith(position, 5)).isTrue();
        assertThat(keeper.agreesWith(position, 6)).isFalse();
        books.legacy().assign(SegmentRange.ALL, Role.AUTHORITY, true, 6);
        assertThat(keeper.agreesWith(position, 6)).as("the target was not told").isFalse();
        books.target().assign(SegmentRange.ALL, Role.SHADOW, false, 6);
        assertThat(keeper.agreesWith(position, 6)).isTrue();
        keeper.apply(Position.of(Stage.LEGACY_ONLY), 7, null);
        assertThat(keeper.agreesWith(Position.of(Stage.LEGACY_ONLY), 99)).isTrue();
    }

    @Test
    void sideWithoutAnyRole_isUnassigned() {
        assertThat(keeper.isUnassigned(Side.LEGACY)).isTrue();
        books.legacy().assign(new SegmentRange(0, 1), Role.SHADOW, false, 1);
        assertThat(keeper.isUnassigned(Side.LEGACY)).isFalse();
        assertThat(keeper.isUnassigned(Side.TARGET)).isTrue();
    }

    @Test
    void controllerThatWasOvertaken_isToldSo() {
        keeper.apply(Position.of(Stage.SHADOW), 5, null);
        assertThatThrownBy(() -> keeper.assign(Side.LEGACY, new SegmentRange(3, 8), Role.FENCED, true, 5))
                .isInstanceOf(StaleChangeException.class)
                .hasMessageContaining("migration 'items'")
                .hasMessageContaining("LEGACY")
                .hasMessageContaining("epoch 5 or a greater one for segments 3 to 8");
        assertThat(role(Side.LEGACY, 3).role()).isEqualTo(Role.AUTHORITY);
    }
}
