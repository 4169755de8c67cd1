package dev.migrate.jdbc;

import dev.migrate.Gate;
import dev.migrate.Migration;
import dev.migrate.MigrationException;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Step;
import dev.migrate.StepParticipant;
import dev.migrate.internal.option.Bounds;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the two sides from generating the same number: before authority moves, the sequence of the side that takes it stands past everything
 * that the other has issued, and past every key that there is; both ways.
 *
 * <p>It takes part in every step of its migration from {@code build()} on. In a handover of all keys the taker's sequence is moved while
 * writes are held, by {@link Builder#margin} beyond the giver's: so many numbers may still be on their way to a row when authority moves. In a
 * step to a share of {@code SHADOW} both sides go on generating, so both sequences are made to issue every second number only, legacy the even
 * ones and the target the odd; they are left so. MariaDB's AUTO_INCREMENT cannot: such a step is refused, unless a margin was given that lasts
 * until the next step. A sequence is never set back, whoever draws from it meanwhile.
 *
 * <p>As a {@link Gate} it is open where the side that is the shadow now already stands past the other; {@link #advance} brings it there. The
 * user of the data source must be allowed to alter the sequence or table. Where one and the same sequence issues all keys, whichever side
 * they are written to, no gate is needed. Thread-safe; {@link #close} ends its part in the migration's steps.
 *
 * <pre>{@code
 * SequenceGate ids = SequenceGate.of(orders)
 *     .legacy(JdbcSequence.behind(legacyDb, "orders", "id"))
 *     .target(JdbcSequence.named(targetDb, "order_ids").covering("orders", "id"))
 *     .build();
 * }</pre>
 */
public final class SequenceGate implements Gate, AutoCloseable {
    private static final long USUAL_MARGIN = 10_000;
    private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

    private final Migration migration;
    private final JdbcSequence legacy;
    private final JdbcSequence target;
    private final long margin;
    private final boolean isMarginChosen;
    private final StepParticipant part = new Part();

    private SequenceGate(Builder options, JdbcSequence legacy, JdbcSequence target) {
        this.migration = options.migration;
        this.legacy = legacy;
        this.target = target;
        this.isMarginChosen = options.margin != null;
        this.margin = options.margin == null ? USUAL_MARGIN : options.margin;
    }

    /** Begins to describe a gate. */
    public static Builder of(Migration migration) {
        return new Builder(migration);
    }

    /** Brings the sequence of the side that is the shadow now past everything that the authoritative side has issued. */
    public void advance() {
        advance(shadow());
    }

    @Override
    public Optional<String> closedBecause() {
        Side taker = shadow();
        return areApart() || isPast(taker)
                ? Optional.empty()
                : Optional.of(of(taker) + " of the " + taker + " side would generate keys that " + of(taker.other())
                        + " has issued already; call advance()");
    }

    private Side shadow() {
        return migration.current().stage().shadow();
    }

    private JdbcSequence of(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    private boolean isPast(Side taker) {
        return of(taker).state().earliest()
                >= Math.max(afterIssued(taker.other()), of(taker).afterGreatestKey());
    }

    /** A side has issued neither this number nor any beyond it, and no key of it reaches it, as far as is known now. */
    private long afterIssued(Side side) {
        return Math.max(of(side).state().next(), of(side).afterGreatestKey());
    }

    private long afterAll() {
        return Math.max(afterIssued(Side.LEGACY), afterIssued(Side.TARGET));
    }

    private void advance(Side taker) {
        if (!areApart()) {
            long beyondGiver = Math.addExact(afterIssued(taker.other()), margin);
            of(taker).advance(Math.max(beyondGiver, of(taker).afterGreatestKey()));
        }
    }

    /** Whether each issues every second number, and neither the other's. */
    private boolean areApart() {
        Issuer.State even = legacy.state();
        Issuer.State odd = target.state();
        return even.increment() == 2
                && odd.increment() == 2
                && Math.floorMod(even.next(), 2L) == 0
                && Math.floorMod(odd.next(), 2L) == 1;
    }

    /**
     * The giver first: what it has issued until then, of either parity, lies below where it begins to issue its own half alone, and the other
     * side begins beyond that.
     */
    private void setApart(Side giver) {
        if (areApart()) {
            return;
        }
        alternate(giver, afterAll());
        alternate(giver.other(), afterAll());
    }

    private void alternate(Side side, long from) {
        of(side).alternate(from, side == Side.LEGACY ? 0 : 1);
    }

    private static boolean isShared(Position position) {
        return position.stage() == Stage.SHADOW && !position.isWhole();
    }

    private boolean canAlternate() {
        return legacy.alternates() && target.alternates();
    }

    /** Whatever the order in which the participants are called, one of the two calls comes while writes are held. */
    private final class Part implements StepParticipant {
        @Override
        public List<String> blockers(Position from, Position to) {
            Step step = new Step(from, to, 1, Duration.ZERO);
            if (!step.handsOver()) {
                return List.of();
            }
            if (isShared(to) && !canAlternate() && !isMarginChosen) {
                return List.of("while a share of the keys is on the target both sides generate numbers, and "
                        + (legacy.alternates() ? target : legacy)
                        + " cannot be kept to every second one; step to LIVE at"
                        + " once, or give the sequence gate a margin(..) of more numbers than the other side issues until the"
                        + " next step");
            }
            Side taker = step.giver().other();
            long greatest = of(taker).state().greatest();
            return greatest - afterAll() <= margin
                    ? List.of(of(taker) + " of the " + taker + " side can issue no number beyond " + greatest
                            + ", which is too near to what is issued already; widen it")
                    : List.of();
        }

        @Override
        public void prepare(Step step) {
            separate(step.giver(), step);
        }

        /** A step that was cut off is completed by raising the epoch, perhaps on a node that knows nothing else of it. */
        @Override
        public void complete(Step step) {
            if (step.handsOver()) {
                separate(step.giver(), step);
            } else if (step.from().equals(step.to()) && step.to().stage().writesShadow()) {
                Side authority = step.to().stage().authoritative();
                if (isShared(step.to()) || !isPast(authority)) {
                    separate(authority.other(), step);
                }
            }
        }

        private void separate(Side giver, Step step) {
            long deadline = migration.nanoTime() + step.budget().toNanos();
            while (true) {
                try {
                    if (isShared(step.to()) && canAlternate()) {
                        setApart(giver);
                    } else {
                        advance(giver.other());
                    }
                    return;
                } catch (MigrationException failure) {
                    if (!isContention(failure) || migration.nanoTime() - deadline > 0) {
                        throw failure;
                    }
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }

        private boolean isContention(MigrationException failure) {
            return failure.getCause() instanceof SQLException cause && SqlFailure.isContention(cause);
        }

        @Override
        public void abandon(Step step) {}
    }

    /** Takes no part in the migration's steps any more. */
    @Override
    public void close() {
        migration.detach(part);
    }

    @Override
    public String toString() {
        return "SequenceGate[" + migration.name() + ": " + legacy + " and " + target + "]";
    }

    /** Describes a gate; not thread-safe. */
    public static final class Builder {
        private final Migration migration;
        private @Nullable JdbcSequence legacy;
        private @Nullable JdbcSequence target;
        private @Nullable Long margin;

        private Builder(Migration migration) {
            this.migration = migration;
        }

        /** What generates the numbers of the legacy side; required. */
        public Builder legacy(JdbcSequence legacy) {
            this.legacy = legacy;
            return this;
        }

        /** What generates the numbers of the target side; required. */
        public Builder target(JdbcSequence target) {
            this.target = target;
            return this;
        }

        /**
         * How far beyond the giver's sequence the taker's begins: more numbers than may have been drawn, or are drawn until everybody draws from
         * the taker, without being in a row yet; at least 1. Default: 10,000.
         */
        public Builder margin(long numbers) {
            this.margin = Bounds.positive("margin", numbers);
            return this;
        }

        /**
         * Makes the gate, which takes part in the migration's steps from now on; nothing is changed yet.
         *
         * @throws MigrationException where a side is missing
         */
        public SequenceGate build() {
            SequenceGate gate = new SequenceGate(this, given("legacy", legacy), given("target", target));
            migration.attach(gate.part);
            return gate;
        }

        private JdbcSequence given(String side, @Nullable JdbcSequence sequence) {
            if (sequence == null) {
                throw new MigrationException(side + " of the sequence gate of migration '" + migration.name()
                        + "' is missing; say what generates its numbers with " + side + "(..)");
            }
            return sequence;
        }
    }
}
