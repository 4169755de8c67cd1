package dev.migrate.rollout;

import dev.migrate.Gate;
import dev.migrate.MigrationEvent;
import dev.migrate.MigrationEvent.Verdict;
import dev.migrate.MigrationException;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import dev.migrate.rollout.Progress.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks one dial along its plan, one look at a time.
 *
 * <p>Several nodes may run the same walk. Whoever wants to turn the dial first claims the turn in the store, by a compare-and-set on
 * the progress it has read; the others see the claim and leave it alone. A node that dies in the middle leaves a claim: where the
 * dial has been turned, the next look of any node notes it; where it has not, the claim of a step forward lapses after {@link
 * #CLAIM}, and a turn back, which harms nobody when made twice, is gone on with at once. A node that is paused for longer than that
 * between its claim and its turn may turn late; it asks for the time again just before.
 *
 * <p>A dial that does not stand where the walk has left it was moved by a person: the walk holds until it stands there again, or
 * until it is told to begin anew from where it is. Not thread-safe.
 */
final class Walk<P extends Comparable<? super P>> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Walk.class);
    private static final Duration CLAIM = Duration.ofMinutes(1);
    private static final int LONGEST_REASON = 1_500;

    /** What was read together with the version that a change of it is based on. */
    private record Read(Progress progress, long version) {}

    private final Plan<P> plan;
    private final StepWatch watch;
    private final String node = UUID.randomUUID().toString();
    private String lastHold = "";

    Walk(Plan<P> plan) {
        this.plan = plan;
        this.watch = new StepWatch(plan.guards(), plan.dial().traffic());
    }

    Judgement look() {
        Read read = read().orElseGet(this::begin);
        Judgement judgement;
        try {
            judgement = lookAt(read);
        } catch (StaleChangeException another) {
            LOG.debug("rollout '{}': another node was first", plan.name(), another);
            judgement = Judgement.hold("another node was first");
        }
        if (judgement.verdict() == Verdict.HOLD && !judgement.why().equals(lastHold)) {
            publish(Verdict.HOLD, plan.dial().format(plan.current().get()), judgement.why());
        }
        lastHold = judgement.verdict() == Verdict.HOLD ? judgement.why() : "";
        return judgement;
    }

    Optional<Progress> progress() {
        return read().map(Read::progress);
    }

    void restart(String why) {
        P now = plan.current().get();
        Optional<Read> read = read();
        P beginning = read.map(earlier -> parse(earlier.progress.beginning()))
                .filter(earlier -> earlier.compareTo(now) < 0)
                .orElse(now);
        change(
                read.map(Read::version).orElse(0L),
                Progress.standing(Phase.WATCHING, format(now), now(), format(beginning), why));
    }

    private Judgement lookAt(Read read) {
        Progress progress = read.progress;
        return switch (progress.phase()) {
            case DONE -> new Judgement(Verdict.DONE, progress.what());
            case TURNING -> endTurn(read);
            case TURNING_BACK -> turnBack(read);
            case WATCHING, TURNED_BACK -> watch(read);
        };
    }

    private Judgement watch(Read read) {
        Progress progress = read.progress;
        P at = parse(progress.at());
        P now = plan.current().get();
        if (now.compareTo(at) != 0) {
            return Judgement.hold("the dial stands at " + format(now) + ", where this rollout has not brought it; "
                    + "turn it back to " + progress.at() + ", or restart the rollout from where it stands");
        }
        watch.at(progress.at() + " since " + progress.since());
        boolean isTurnedBack = progress.phase() == Phase.TURNED_BACK;
        Judgement guards = isTurnedBack && !plan.isExposed().test(at)
                ? Judgement.goOn("nothing is exposed")
                : watch.judge(plan.mayBeSilent().test(at));
        if (guards.verdict() == Verdict.ROLL_BACK) {
            return claimTurnBack(read, at, guards.why());
        }
        if (isTurnedBack) {
            return Judgement.hold(
                    "turned back, because " + progress.what() + "; restart the rollout when the cause is mended");
        }
        return plan.isStep(at) ? goOnWhenWatched(read, at, guards) : stepFrom(read, at, "the rollout begins");
    }

    private Judgement goOnWhenWatched(Read read, P at, Judgement guards) {
        Instant until = read.progress.since().plus(plan.eachFor());
        if (now().isBefore(until)) {
            return Judgement.hold("watching " + read.progress.at() + " until " + until);
        }
        return guards.verdict() == Verdict.GO_ON ? stepFrom(read, at, guards.why()) : guards;
    }

    private Judgement stepFrom(Read read, P at, String why) {
        Optional<Plan.Stop<P>> next = plan.nextAfter(at);
        if (next.isEmpty()) {
            change(read.version, read.progress.in(Phase.DONE, why));
            return publish(Verdict.DONE, read.progress.at(), why);
        }
        for (Gate gate : next.get().gates()) {
            Optional<String> closed = closedBecause(gate);
            if (closed.isPresent()) {
                return Judgement.hold("the gate to " + format(next.get().position()) + " is closed: " + closed.get());
            }
        }
        Progress claim = read.progress.turning(Phase.TURNING, format(next.get().position()), node, now(), why);
        return turn(change(read.version, claim));
    }

    private Optional<String> closedBecause(Gate gate) {
        try {
            return gate.closedBecause();
        } catch (Exception failure) {
            LOG.warn("a gate of rollout '{}' failed, which keeps it closed", plan.name(), failure);
            return Optional.of("it failed with " + failure.getClass().getName());
        }
    }

    private Judgement turn(Read claimed) {
        Progress progress = claimed.progress;
        P to = parse(progress.to());
        if (isLapsed(progress)) {
            return Judgement.hold("the claim to turn the dial to " + progress.to() + " has lapsed");
        }
        try {
            plan.dial().turnTo(to, shortened("rollout '" + plan.name() + "': " + progress.what()));
        } catch (RuntimeException failure) {
            if (plan.current().get().compareTo(to) != 0) {
                change(claimed.version, progress.released(progress.what()));
                if (failure instanceof MigrationException refused) {
                    return Judgement.hold("the step to " + progress.to() + " was refused: " + refused.getMessage());
                }
                throw failure;
            }
            LOG.warn("rollout '{}': the dial stands at {}, but not all is well", plan.name(), to, failure);
        }
        return arrived(claimed, Phase.WATCHING, Verdict.GO_ON);
    }

    /** Somebody has claimed a step forward: it is made, or is being made, or was left. */
    private Judgement endTurn(Read read) {
        Progress progress = read.progress;
        P now = plan.current().get();
        if (now.compareTo(parse(progress.to())) == 0) {
            return arrived(read, Phase.WATCHING, Verdict.GO_ON);
        }
        if (!progress.claimedBy().equals(node) && !isLapsed(progress)) {
            return Judgement.hold("another node is turning the dial to " + progress.to());
        }
        change(read.version, progress.released(progress.what()));
        return Judgement.hold("the turn to " + progress.to() + " was begun and left; it will be tried again");
    }

    private boolean isLapsed(Progress claim) {
        return !now().isBefore(claim.claimedAt().plus(CLAIM));
    }

    private Judgement claimTurnBack(Read read, P at, String why) {
        Optional<P> back = plan.backFrom(at, parse(read.progress.beginning()));
        if (back.isEmpty()) {
            return Judgement.hold("to be turned back, but the rollout began here: " + why);
        }
        Progress claim = read.progress.turning(Phase.TURNING_BACK, format(back.get()), node, now(), why);
        return turnBack(change(read.version, claim));
    }

    private Judgement turnBack(Read claimed) {
        Progress progress = claimed.progress;
        P to = parse(progress.to());
        if (plan.current().get().compareTo(to) > 0) {
            try {
                plan.dial().turnBackTo(to, shortened("rollout '" + plan.name() + "': " + progress.what()));
            } catch (MigrationException refused) {
                if (plan.current().get().compareTo(to) > 0) {
                    return Judgement.hold(
                            "turning back to " + progress.to() + ", but not there yet: " + refused.getMessage());
                }
            }
        }
        return arrived(claimed, Phase.TURNED_BACK, Verdict.ROLL_BACK);
    }

    private Judgement arrived(Read claimed, Phase phase, Verdict verdict) {
        Progress progress = claimed.progress;
        Progress there = Progress.standing(phase, progress.to(), now(), progress.beginning(), progress.what());
        change(claimed.version, there);
        watch.at(there.at() + " since " + there.since());
        return publish(verdict, progress.to(), progress.what());
    }

    private Judgement publish(Verdict verdict, String position, String what) {
        plan.events().accept(new MigrationEvent.RolloutAdvanced(plan.dial().name(), verdict, position, what, now()));
        return new Judgement(verdict, what);
    }

    private Read begin() {
        String at = format(plan.current().get());
        try {
            return change(0, Progress.standing(Phase.WATCHING, at, now(), at, "the rollout begins"));
        } catch (StaleChangeException another) {
            return read().orElseThrow(() -> another);
        }
    }

    private Optional<Read> read() {
        return plan.store()
                .find(Setting.Kind.ROLLOUT, plan.name())
                .map(stored -> new Read(Progress.parse(stored.value()), stored.version()));
    }

    private Read change(long expectedVersion, Progress to) {
        Setting changed = plan.store()
                .change(
                        Setting.Kind.ROLLOUT,
                        plan.name(),
                        expectedVersion,
                        to.format(),
                        plan.operator().get(),
                        shortened(to.phase() + " " + to.to() + ": " + to.what()));
        return new Read(to, changed.version());
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    private String format(P position) {
        return plan.dial().format(position);
    }

    private P parse(String position) {
        return plan.dial().parse(position);
    }

    private Instant now() {
        return plan.time().instant();
    }

    @Override
    public void close() {
        watch.close();
    }
}
