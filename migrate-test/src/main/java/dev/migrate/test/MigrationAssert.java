package dev.migrate.test;

import dev.migrate.AuditEntry;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about where a migration stands and how it came there, in the manner of AssertJ.
 *
 * <pre>{@code
 * import static dev.migrate.test.MigrationAssert.assertThat;
 *
 * assertThat(orders).standsAt(Stage.SHADOW.plusPercent(25)).wasLastMovedBy("ada", "error rate flat for a day");
 * assertThat(orders).refusesStepTo(Stage.TARGET_ONLY, "go by LIVE first");
 * }</pre>
 */
public final class MigrationAssert extends AbstractAssert<MigrationAssert, Migration> {
    private MigrationAssert(@Nullable Migration actual) {
        super(actual, MigrationAssert.class);
    }

    /** Begins assertions about a migration. */
    public static MigrationAssert assertThat(@Nullable Migration actual) {
        return new MigrationAssert(actual);
    }

    /** It stands at a whole stage, as this node knows it. */
    public MigrationAssert standsAt(Stage stage) {
        return standsAt(Position.of(stage));
    }

    /** It stands at a position, as this node knows it. */
    public MigrationAssert standsAt(Position position) {
        Position current = present().current();
        if (!current.equals(position)) {
            throw failure(
                    "Expected migration '%s' to stand at %s, but it stands at %s", actual.name(), position, current);
        }
        return this;
    }

    /** The key's effective stage is this one, for the calling thread's unit of work. */
    public MigrationAssert hasKeyOn(Object key, Stage stage) {
        Stage of = present().stageOf(key);
        if (of != stage) {
            throw failure(
                    "Expected migration '%s' at %s to have key %s (bucket %d) on %s, but it is on %s",
                    actual.name(), actual.view().position(), key, actual.bucketOf(key), stage, of);
        }
        return this;
    }

    /** The side is authoritative for the key, for the calling thread's unit of work. */
    public MigrationAssert isAuthoritativeFor(Object key, Side side) {
        Stage of = present().stageOf(key);
        if (of.authoritative() != side) {
            throw failure(
                    "Expected %s to be authoritative for key %s of migration '%s', but on %s it is %s",
                    side, key, actual.name(), of, of.authoritative());
        }
        return this;
    }

    /** The newest change was made by this operator for this reason. */
    public MigrationAssert wasLastMovedBy(String who, String why) {
        List<AuditEntry> newest = present().audit(1);
        if (newest.isEmpty()
                || !newest.get(0).who().equals(who)
                || !newest.get(0).why().equals(why)) {
            throw failure(
                    "Expected the newest audit entry of migration '%s' to be by '%s' because of '%s', but it is%n  %s",
                    actual.name(), who, why, newest.isEmpty() ? "missing" : newest.get(0));
        }
        return this;
    }

    /** Some entry of the audit trail tells of a change to this position, by this operator, for this reason. */
    public MigrationAssert hasAuditEntry(Position to, String who, String why) {
        List<AuditEntry> all = present().audit(Integer.MAX_VALUE);
        boolean isThere = all.stream()
                .anyMatch(entry -> entry.to().equals(to.toString())
                        && entry.who().equals(who)
                        && entry.why().equals(why));
        if (!isThere) {
            throw failure(
                    "Expected migration '%s' to have an audit entry to %s by '%s' because of '%s', but it has%n  %s",
                    actual.name(), to, who, why, all);
        }
        return this;
    }

    /** The audit trail has led through exactly these positions, oldest first; changes that stay where they are count once. */
    public MigrationAssert hasWalked(Position... positions) {
        List<AuditEntry> newestFirst = present().audit(Integer.MAX_VALUE);
        List<Position> walked = new ArrayList<>();
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            AuditEntry entry = newestFirst.get(i);
            if (!Objects.equals(entry.from(), entry.to())) {
                walked.add(Position.parse(entry.to()));
            }
        }
        if (!walked.equals(List.of(positions))) {
            throw failure(
                    "Expected migration '%s' to have walked through%n  %s%nbut it walked through%n  %s",
                    actual.name(), List.of(positions), walked);
        }
        return this;
    }

    /** See {@link #refusesStepTo(Position, String)}. */
    public MigrationAssert refusesStepTo(Stage stage, String inMessage) {
        return refusesStepTo(Position.of(stage), inMessage);
    }

    /** A step to the position is tried, and refused with a message that contains a text; nothing is changed or audited by it. */
    public MigrationAssert refusesStepTo(Position to, String inMessage) {
        Migration.View before = present().refresh();
        try {
            actual.moveTo(to, "tried by MigrationAssert");
        } catch (MigrationException refused) {
            if (!String.valueOf(refused.getMessage()).contains(inMessage)) {
                throw failure(
                        "Expected migration '%s' to refuse a step to %s with a message containing '%s', but it was%n  %s",
                        actual.name(), to, inMessage, refused.getMessage());
            }
            if (!actual.refresh().equals(before)) {
                throw failure(
                        "Expected the refused step of migration '%s' to change nothing, but %s became %s",
                        actual.name(), before, actual.view());
            }
            return this;
        }
        throw failure(
                "Expected migration '%s' to refuse a step from %s to %s, but it went there",
                actual.name(), before.position(), to);
    }

    private Migration present() {
        isNotNull();
        return actual;
    }
}
