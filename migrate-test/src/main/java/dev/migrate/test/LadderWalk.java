package dev.migrate.test;

import dev.migrate.Position;
import dev.migrate.Stage;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A walk along the ladder in legal steps.
 *
 * @param positions the positions in the order in which they are stood at; the first is {@link Position#START}
 */
public record LadderWalk(List<Position> positions) {
    /** Copies the list. */
    public LadderWalk {
        positions = List.copyOf(positions);
    }

    /** Where the walk ends. */
    public Position last() {
        return positions.get(positions.size() - 1);
    }

    /** Goes one legal step towards each of the wishes in turn, or right there where one step may lead there. */
    static LadderWalk towards(List<Position> wishes) {
        List<Position> walked = new ArrayList<>();
        Position at = Position.START;
        walked.add(at);
        for (Position wish : wishes) {
            Position next = isLegal(at, wish) ? wish : nearer(at, wish);
            if (isLegal(at, next)) {
                walked.add(next);
                at = next;
            }
        }
        return new LadderWalk(walked);
    }

    private static Position nearer(Position at, Position wish) {
        if (wish.compareTo(at) > 0) {
            return at.stage().next().map(Position::of).orElse(at);
        }
        return at.isWhole() ? at.stage().previous().map(Position::of).orElse(at) : Position.of(at.stage());
    }

    /**
     * Whether one step may lead from one position to another: together they occupy one stage or two neighbouring ones, and
     * nothing leads back from the end. Said otherwise than by {@link Position#refusalOfStepTo}, so that each checks the other.
     */
    static boolean isLegal(Position from, Position to) {
        Set<Stage> occupied = EnumSet.copyOf(occupied(from));
        occupied.addAll(occupied(to));
        return !from.equals(to) && from.stage() != Stage.TARGET_ONLY && occupied.size() <= 2 && areNeighbours(occupied);
    }

    /** The stages on which keys stand. */
    static Set<Stage> occupied(Position position) {
        Stage stage = position.stage();
        return position.isWhole()
                ? EnumSet.of(stage)
                : EnumSet.of(stage, stage.next().orElseThrow());
    }

    private static boolean areNeighbours(Set<Stage> stages) {
        return stages.stream()
                        .filter(stage -> stage.previous().stream().noneMatch(stages::contains))
                        .count()
                == 1;
    }
}
