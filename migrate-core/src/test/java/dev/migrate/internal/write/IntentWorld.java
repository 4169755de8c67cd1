package dev.migrate.internal.write;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.side.InMemorySideBooks;
import dev.migrate.side.Intent;
import dev.migrate.side.Owed;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Two writers of one key, two copiers, a settler and a handover from legacy to target, over the real books, as steps that can be taken in any
 * order: writers and copiers may stand still anywhere, a call may arrive at any later moment, and the settler's clock may be ahead.
 *
 * <p>Each step is what the code does between two moments at which others see something: {@code IntentWrites} (begin, land, acknowledge,
 * owe), {@code CopyWorker} (take, read, write, clear), {@code Handover} (fence .. open), and {@code MisplacedDebts}, which is called as it is.
 */
final class IntentWorld {
    /** What is left out or changed. */
    enum Variant {
        SOUND,
        PLAIN_SIDES,
        SETTLES_WITHOUT_CLAIMING_FIRST,
        ACKNOWLEDGES_ALTHOUGH_CLAIMED,
        ANNOUNCES_ALTHOUGH_FENCED,
        DRAINS_WITHOUT_COUNTING_INTENTS,
        ENDS_THE_INTENT_OF_A_FAILED_CALL,
        OWES_NOTHING_WHERE_UNKNOWN,
        LEAVES_MISPLACED_DEBTS
    }

    private static final String KEY = "k";
    private static final SideBooks.Key IN_BOOKS = new SideBooks.Key(KEY, 0);
    private static final SegmentRange RANGE = new SegmentRange(0, 1);
    private static final Instant LATER = Instant.parse("2030-01-01T00:01:00Z");

    private final Variant variant;
    private final Cast cast;
    private final Map<Side, SideBooks> books = new EnumMap<>(Side.class);
    private final Map<Side, Cell> cells = new EnumMap<>(Side.class);
    private final MisplacedDebts misplaced;
    private final List<Writer> writers;
    private final List<Copier> copiers;
    private int handover;
    private Late late = Late.NOT_YET;
    private @Nullable String settlerRead;
    private @Nullable Version settlerVersion;

    /**
     * What there is in the world.
     *
     * @param callMayFail whether the first writer's call may be given up on, and then arrive late, or never
     * @param copyMayFail whether one copy may be given up on, and then arrive late
     */
    record Cast(int writers, int copiers, boolean callMayFail, boolean copyMayFail) {}

    IntentWorld(Variant variant, Cast cast) {
        this.variant = variant;
        this.cast = cast;
        for (Side side : Side.values()) {
            SideBooks made = new InMemorySideBooks(() -> Instant.EPOCH);
            made.assign(RANGE, side == Side.LEGACY ? Role.AUTHORITY : Role.SHADOW, side == Side.LEGACY, 1);
            books.put(side, made);
            cells.put(side, new Cell());
        }
        this.misplaced = new MisplacedDebts(new TwoSides<>(books.get(Side.LEGACY), books.get(Side.TARGET)));
        this.writers =
                Stream.of("x", "y").limit(cast.writers()).map(Writer::new).toList();
        this.copiers = Stream.generate(Copier::new).limit(cast.copiers()).toList();
    }

    private static final class Cell {
        private String value = "i";
        private Version version = Version.NONE;
        private Version ledger = Version.NONE;

        boolean put(String next, Version under, boolean isConditional) {
            if (isConditional && !under.isAfter(version)) {
                return false;
            }
            value = next;
            version = under;
            return true;
        }
    }

    /** A copy that its copier has given up on: its transaction was rolled back, but the call may still arrive. */
    private record Late(@Nullable Side to, String value, Version version) {
        private static final Late NOT_YET = new Late(null, "not yet", Version.NONE);
        private static final Late ARRIVED = new Late(null, "arrived", Version.NONE);
    }

    private enum At {
        NEW,
        SENT,
        FAILED_OPEN,
        LANDED,
        REFUSED,
        UNKNOWN_NOT_OWED,
        END
    }

    private static final class Writer {
        private final String value;
        private At at = At.NEW;
        private @Nullable Side side;
        private @Nullable Intent intent;
        private boolean isOpen;
        private boolean isRetried;
        private String outcome = "-";
        private boolean isAfterTheOther;

        Writer(String value) {
            this.value = value;
        }
    }

    private static final class Copier {
        private @Nullable Side from;
        private Version version = Version.NONE;
        private @Nullable String value;
        private boolean hasWritten;
    }

    /** The steps that can be taken. One that changes nothing may be among them. */
    List<String> steps() {
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < writers.size(); i++) {
            writerSteps(writers.get(i), i, steps);
        }
        for (int i = 0; i < copiers.size(); i++) {
            copierSteps(copiers.get(i), i, steps);
        }
        settlerSteps(steps);
        if (late.to() != null) {
            steps.add("arrive");
        }
        if (handover < 5 && (handover != 1 || isDrained())) {
            steps.add("handover");
        }
        return steps;
    }

    private void writerSteps(Writer writer, int i, List<String> steps) {
        switch (writer.at) {
            case NEW -> {
                steps.add("begin LEGACY " + i);
                if (handover >= 3) {
                    steps.add("begin TARGET " + i); // the position has changed
                }
            }
            case SENT -> {
                steps.add("land " + i);
                if (cast.callMayFail() && i == 0 && writer.isOpen) {
                    steps.add("fail " + i);
                }
            }
            case FAILED_OPEN -> {
                steps.add("landLate " + i);
                steps.add("lose " + i);
            }
            case LANDED, REFUSED -> steps.add("acknowledge " + i);
            case UNKNOWN_NOT_OWED -> steps.add("owe " + i);
            case END -> {}
        }
    }

    private void copierSteps(Copier copier, int i, List<String> steps) {
        if (copier.from == null) {
            for (Side side : Side.values()) {
                if (books.get(side).owed(KEY).isPresent()) {
                    steps.add("take " + side + " " + i);
                }
            }
        } else {
            steps.add((copier.value == null ? "read " : copier.hasWritten ? "clear " : "write ") + i);
            if (copier.value != null && !copier.hasWritten && cast.copyMayFail() && late == Late.NOT_YET) {
                steps.add("giveUp " + i);
            }
        }
    }

    /** Its clock may be ahead of that of a writer who waits, but no call that was given up on arrives after its deadline. */
    private void settlerSteps(List<String> steps) {
        boolean isAnyOpen = writers.stream().anyMatch(writer -> writer.at == At.FAILED_OPEN);
        if (settlerRead != null) {
            steps.add("settlerGoesOn");
        } else if (!isAnyOpen && intents() > 0) {
            steps.add("settle");
        }
    }

    private long intents() {
        return books.values().stream().mapToLong(each -> each.debt().intents()).sum();
    }

    private boolean isDrained() {
        return books.values().stream()
                .map(each -> each.debt(RANGE))
                .allMatch(
                        debt -> variant == Variant.DRAINS_WITHOUT_COUNTING_INTENTS ? debt.keys() == 0 : debt.isNone());
    }

    void take(String step) throws Exception {
        String[] words = step.split(" ", -1);
        int last = words.length == 1 ? 0 : Integer.parseInt(words[words.length - 1]);
        switch (words[0]) {
            case "begin" -> begin(writers.get(last), Side.valueOf(words[1]));
            case "land" -> land(writers.get(last));
            case "fail" -> fail(writers.get(last));
            case "landLate" -> {
                land(writers.get(last));
                writers.get(last).at = At.END;
            }
            case "lose" -> writers.get(last).at = At.END;
            case "acknowledge" -> acknowledge(writers.get(last));
            case "owe" -> {
                books.get(writers.get(last).side).owe(List.of(IN_BOOKS), Instant.EPOCH);
                writers.get(last).at = At.END;
            }
            case "take" -> takeDebt(copiers.get(last), Side.valueOf(words[1]));
            case "read" -> copiers.get(last).value = cells.get(copiers.get(last).from).value;
            case "write" -> write(copiers.get(last));
            case "giveUp" -> giveUp(copiers.get(last));
            case "arrive" -> {
                cells.get(late.to()).put(late.value(), late.version(), isVersioned());
                late = Late.ARRIVED;
            }
            case "clear" -> {
                books.get(copiers.get(last).from).settle(KEY, copiers.get(last).version);
                reset(copiers.get(last));
            }
            case "settle" -> settle();
            case "settlerGoesOn" -> settlerGoesOn();
            case "handover" -> stepHandover();
            default -> throw new AssertionError(step);
        }
    }

    private void begin(Writer writer, Side side) {
        Intent begun;
        try {
            begun = books.get(side).intents().begin(IN_BOOKS, LATER, writer.value);
        } catch (RefusedWriteException refused) {
            if (variant != Variant.ANNOUNCES_ALTHOUGH_FENCED || role(side) != Role.FENCED || side == Side.TARGET) {
                return;
            }
            begun = new Intent(KEY, 0, new Version(1, 1_000), LATER, "unfenced");
        }
        writer.side = side;
        writer.intent = begun;
        writer.isOpen = true;
        writer.at = At.SENT;
        writer.isAfterTheOther |= writers.stream().anyMatch(each -> each != writer && each.outcome.equals("acked"));
    }

    private Role role(Side side) {
        return books.get(side).roles().get(0).role();
    }

    private void land(Writer writer) {
        boolean isTaken = cells.get(writer.side).put(writer.value, writer.intent.version(), isVersioned());
        writer.at = isTaken ? At.LANDED : At.REFUSED;
    }

    private boolean isVersioned() {
        return variant != Variant.PLAIN_SIDES;
    }

    private void fail(Writer writer) {
        if (variant == Variant.ENDS_THE_INTENT_OF_A_FAILED_CALL) {
            books.get(writer.side).intents().acknowledge(writer.intent);
            writer.isOpen = false;
        } else {
            books.get(writer.side).owe(List.of(IN_BOOKS), Instant.EPOCH);
        }
        writer.outcome = "unknown";
        writer.at = At.FAILED_OPEN;
    }

    private void acknowledge(Writer writer) {
        boolean isUnfenced = writer.intent.owner().equals("unfenced");
        boolean isAcknowledged = books.get(writer.side).intents().acknowledge(writer.intent);
        writer.isOpen = false;
        if (isUnfenced) {
            books.get(writer.side).owe(List.of(IN_BOOKS), Instant.EPOCH);
            isAcknowledged = true;
        }
        if (writer.at == At.REFUSED) {
            writer.at = writer.isRetried ? At.END : At.NEW;
            writer.outcome = writer.isRetried ? "refused" : writer.outcome;
            writer.isRetried = true;
        } else if (isAcknowledged || variant == Variant.ACKNOWLEDGES_ALTHOUGH_CLAIMED) {
            writer.outcome = "acked";
            writer.at = At.END;
        } else {
            writer.outcome = "unknown";
            writer.at = variant == Variant.OWES_NOTHING_WHERE_UNKNOWN ? At.END : At.UNKNOWN_NOT_OWED;
        }
    }

    private void takeDebt(Copier copier, Side from) {
        copier.from = from;
        copier.version = books.get(from).owed(KEY).orElseThrow();
    }

    private void write(Copier copier) throws Exception {
        Side to = copier.from.other();
        Cell cell = cells.get(to);
        Acceptance acceptance = books.get(to).inTransaction(() -> {
            Acceptance answer = books.get(to).accept(KEY, 0, copier.version, false);
            if (answer == Acceptance.ACCEPTED) {
                cell.ledger = copier.version;
                cell.put(copier.value, copier.version, isVersioned());
            }
            return answer;
        });
        if (acceptance == Acceptance.NOT_SHADOW) {
            if (variant != Variant.LEAVES_MISPLACED_DEBTS) {
                Owed owed = new Owed(KEY, 0, copier.version, Instant.EPOCH, 0, null, false);
                misplaced.move(copier.from, owed, copier.version);
            }
            reset(copier);
        } else {
            copier.hasWritten = true;
        }
    }

    /** The call was made, since the shadow's books had accepted the copy; they have forgotten it. */
    private void giveUp(Copier copier) throws Exception {
        Side to = copier.from.other();
        try {
            books.get(to).inTransaction(() -> {
                if (books.get(to).accept(KEY, 0, copier.version, false) == Acceptance.ACCEPTED) {
                    late = new Late(to, copier.value, copier.version);
                }
                throw new IOException("given up on");
            });
        } catch (IOException rolledBack) {
            reset(copier);
        }
    }

    private static void reset(Copier copier) {
        copier.from = null;
        copier.version = Version.NONE;
        copier.value = null;
        copier.hasWritten = false;
    }

    private void settle() {
        if (variant == Variant.SETTLES_WITHOUT_CLAIMING_FIRST) {
            settlerRead = cells.get(handover < 5 ? Side.LEGACY : Side.TARGET).value;
        } else {
            books.values().forEach(each -> each.intents().settleOverdue(LATER, 10));
            writers.forEach(writer -> writer.isOpen = false);
        }
    }

    /** The broken settler: it has read, takes a version for what it has read, copies, and ends what is there of the key. */
    private void settlerGoesOn() throws Exception {
        SideBooks from = books.get(Side.LEGACY);
        if (settlerVersion == null) {
            from.intents().settleOverdue(LATER, 10);
            writers.forEach(writer -> writer.isOpen = false);
            from.owe(List.of(IN_BOOKS), Instant.EPOCH);
            settlerVersion = from.owed(KEY).orElseThrow();
            return;
        }
        Version version = settlerVersion;
        Cell cell = cells.get(Side.TARGET);
        if (books.get(Side.TARGET).inTransaction(() -> books.get(Side.TARGET).accept(KEY, 0, version, false))
                == Acceptance.ACCEPTED) {
            cell.ledger = version;
            cell.put(settlerRead, version, true);
        }
        from.settle(KEY, version);
        settlerRead = null;
        settlerVersion = null;
    }

    private void stepHandover() {
        switch (handover++) {
            case 0 -> assign(Side.LEGACY, Role.FENCED, 2);
            case 1 -> assign(Side.TARGET, Role.FENCED, 2);
            case 2 -> {} // the position changes, and with it where reads go
            case 3 -> assign(Side.LEGACY, Role.SHADOW, 3);
            case 4 -> assign(Side.TARGET, Role.AUTHORITY, 3);
            default -> throw new AssertionError();
        }
    }

    private void assign(Side side, Role role, long epoch) {
        if (!books.get(side).assign(RANGE, role, true, epoch)) {
            throw new AssertionError(side + " has a later epoch");
        }
    }

    /** What is wrong with the state, whoever looks at it at this moment. */
    Optional<String> violation() {
        Cell read = cells.get(handover < 3 ? Side.LEGACY : Side.TARGET);
        return allowed().contains(read.value)
                ? Optional.empty()
                : Optional.of("a read answers " + read.value + " where " + allowed() + " are right");
    }

    /** What is wrong with the state once nothing happens any more. */
    Optional<String> violationAtRest() {
        String legacy = cells.get(Side.LEGACY).value;
        String target = cells.get(Side.TARGET).value;
        return legacy.equals(target)
                ? Optional.empty()
                : Optional.of("at rest legacy holds " + legacy + " and target " + target);
    }

    private Set<String> allowed() {
        Set<String> allowed = new TreeSet<>();
        boolean isAnyAcknowledged = false;
        for (Writer writer : writers) {
            if (writer.outcome.equals("acked")) {
                isAnyAcknowledged = true;
                if (writers.stream()
                        .noneMatch(
                                other -> other != writer && other.outcome.equals("acked") && other.isAfterTheOther)) {
                    allowed.add(writer.value);
                }
            } else if (writer.at != At.NEW || writer.isRetried) {
                allowed.add(writer.value);
            }
        }
        if (!isAnyAcknowledged) {
            allowed.add("i");
        }
        return allowed;
    }

    /** Equal for states from which the same can happen: versions count by their order alone. */
    String state() {
        TreeSet<Version> versions = new TreeSet<>();
        for (Side side : Side.values()) {
            versions.add(cells.get(side).version);
            versions.add(cells.get(side).ledger);
            books.get(side).owed(KEY).ifPresent(versions::add);
        }
        writers.forEach(writer -> versions.add(versionOf(writer)));
        copiers.forEach(copier -> versions.add(copier.version));
        versions.add(late.version());
        versions.add(settlerVersion == null ? Version.NONE : settlerVersion);
        List<Version> order = List.copyOf(versions);
        StringBuilder state = new StringBuilder();
        state.append(handover);
        for (Side side : Side.values()) {
            Cell cell = cells.get(side);
            state.append('|')
                    .append(cell.value)
                    .append(name(cell.version, order))
                    .append(name(cell.ledger, order));
            state.append(books.get(side)
                    .owed(KEY)
                    .map(version -> name(version, order))
                    .orElse("-"));
            state.append(books.get(side).debt().intents());
        }
        for (Writer writer : writers) {
            state.append('|').append(writer.at).append(writer.side).append(name(versionOf(writer), order));
            state.append(writer.outcome)
                    .append(writer.isRetried)
                    .append(writer.isAfterTheOther)
                    .append(writer.isOpen);
        }
        for (Copier copier : copiers) {
            state.append('|').append(copier.from).append(name(copier.version, order));
            state.append(copier.value).append(copier.hasWritten);
        }
        state.append('|').append(late.to()).append(late.value()).append(name(late.version(), order));
        return state.append('|')
                .append(settlerRead)
                .append(settlerVersion == null ? "-" : name(settlerVersion, order))
                .toString();
    }

    private static Version versionOf(Writer writer) {
        return writer.intent == null || writer.at == At.END || writer.at == At.NEW
                ? Version.NONE
                : writer.intent.version();
    }

    private static String name(Version version, List<Version> order) {
        return version.epoch() + "." + order.indexOf(version) + " ";
    }
}
