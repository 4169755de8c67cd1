package dev.migrate.test.schedule;

import dev.migrate.Records;
import dev.migrate.Side;
import dev.migrate.Version;
import dev.migrate.internal.CanonicalKeys;
import dev.migrate.internal.Waiting;
import dev.migrate.side.Debt;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.side.SideBooks.Acceptance;
import dev.migrate.side.SideBooks.SegmentRole;
import dev.migrate.test.schedule.ScheduledSides.Item;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A rule of the protocol that concerns the books of a side, left out between the books and the library's own code. */
enum LeftOut {
    VERSION_CONDITION(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            Object answer = proceed.call();
            return answer == Acceptance.OVERTAKEN ? Acceptance.ACCEPTED : answer;
        }
    })),
    LEDGER_ROW_BEFORE_DATA_ROW(books(LedgerLast::new)),
    TOMBSTONE(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            boolean isDelete = method.equals("accept") && (boolean) arguments[3];
            return isDelete ? Acceptance.ACCEPTED : proceed.call();
        }
    })),
    SEQUENCE_OUTLIVES_DEBT(books(inner -> new OwnVersions(inner) {
        @Override
        long draw(String key) {
            return drawn.getOrDefault(key, 0L) + 1;
        }

        @Override
        void settled(String key) {
            drawn.remove(key);
        }
    })),
    VERSION_DRAWN_UNDER_THE_LOCK(books(inner -> new OwnVersions(inner) {
        private final ThreadLocal<Long> early = new ThreadLocal<>();

        @Override
        void begin() {
            early.set(++sequence);
        }

        @Override
        long draw(String key) {
            return early.get();
        }

        @Override
        long drawAgain(String key) {
            return ++sequence;
        }
    })),
    EPOCH_WHERE_THE_SEQUENCE_GOES_BACK(books(inner -> new OwnVersions(inner) {
        @Override
        long draw(String key) {
            sequence = sequence == 3 ? 0 : sequence;
            return super.draw(key);
        }
    })),
    FENCE(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            if (!method.equals("admit") || role(inner, (int) arguments[1]).role() == Role.AUTHORITY) {
                return proceed.call();
            }
            SideBooks.Key key = new SideBooks.Key((String) arguments[0], (int) arguments[1]);
            inner.afterCommit(() -> inner.owe(List.of(key), Instant.EPOCH));
            return Version.NONE;
        }
    })),
    ROLE_CHECK_OF_UNCOPIED_WRITES(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            return method.equals("admit") && !(boolean) arguments[2] ? Version.NONE : proceed.call();
        }
    })),
    DRAIN(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            return method.equals("debt") && arguments.length == 1 ? Debt.NONE : proceed.call();
        }
    })),
    DRAIN_OF_PARKED_KEYS(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            Object answer = proceed.call();
            return method.equals("debt") && arguments.length == 1 ? withoutParked((Debt) answer) : answer;
        }

        private Debt withoutParked(Debt debt) {
            return debt.keys() == debt.parked() ? Debt.NONE : new Debt(debt.keys() - debt.parked(), 0, debt.oldest());
        }
    })),
    JOURNAL(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            Object answer = proceed.call();
            if (method.equals("admit")) {
                inner.afterCommit(() -> inner.settle((String) arguments[0], (Version) answer));
            }
            return answer;
        }
    })),
    CLEARING_ONLY_WHAT_HAS_NOT_MOVED(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            String key = method.equals("settle") ? (String) arguments[0] : "";
            return method.equals("settle")
                    ? inner.owed(key).map(now -> inner.settle(key, now)).orElse(false)
                    : proceed.call();
        }
    })),
    EPOCH_CONDITION_OF_ROLES(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            if (method.equals("assign")) {
                long latest = inner.roles().stream()
                        .mapToLong(SegmentRole::epoch)
                        .max()
                        .orElse(0);
                arguments[3] = Math.max((long) arguments[3], latest + 1);
            }
            return proceed.call();
        }
    })),
    GIVER_FENCED(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            boolean isGiver = method.equals("assign")
                    && arguments[1] == Role.FENCED
                    && role(inner, ((SegmentRange) arguments[0]).from()).role() == Role.AUTHORITY;
            return isGiver
                    ? inner.assign((SegmentRange) arguments[0], Role.AUTHORITY, true, (long) arguments[3])
                    : proceed.call();
        }
    })),
    TAKER_OPENED_LAST(books(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            boolean isTaker = method.equals("assign")
                    && arguments[1] == Role.FENCED
                    && role(inner, ((SegmentRange) arguments[0]).from()).role() == Role.SHADOW;
            return isTaker
                    ? inner.assign((SegmentRange) arguments[0], Role.AUTHORITY, true, (long) arguments[3])
                    : proceed.call();
        }
    })),
    VERSION_BEFORE_VALUE(ValueFirst::new),
    OWING_AGAIN(tables(inner -> new AlteredBooks(inner) {
        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            return method.equals("owe") ? null : proceed.call();
        }
    })),
    OWING_AGAIN_UNDER_A_NEW_VERSION(books(inner -> new OwnVersions(inner) {
        @Override
        long drawAgain(String key) {
            return drawn.getOrDefault(key, sequence);
        }
    })),
    JOURNAL_LOOKED_AT_BEFORE_LEDGER(83_000, LedgerFirst::new);

    private final long firstSeed;
    private final Supplier<Between> broken;

    LeftOut(Supplier<Between> broken) {
        this(1, broken);
    }

    /** @param firstSeed where to look first, for a rule that shows in few schedules */
    LeftOut(long firstSeed, Supplier<Between> broken) {
        this.firstSeed = firstSeed;
        this.broken = broken;
    }

    long firstSeed() {
        return firstSeed;
    }

    Between between() {
        return broken.get();
    }

    private interface Alteration {
        AlteredBooks of(SideBooks inner);
    }

    private static Supplier<Between> books(Alteration altered) {
        return () -> new Between() {
            @Override
            public SideBooks books(Side side, SideBooks inner) {
                return altered.of(inner).asBooks();
            }
        };
    }

    private static Supplier<Between> tables(Alteration altered) {
        return () -> new Between() {
            @Override
            public SideBooks tableBooks(Side side, SideBooks inner) {
                return altered.of(inner).asBooks();
            }
        };
    }

    private static SegmentRole role(SideBooks books, int segment) {
        List<SegmentRole> all = books.roles();
        return all.isEmpty() ? new SegmentRole(segment, Role.FENCED, false, 0) : all.get(segment);
    }

    /** The data row is written first, and the ledger row just before the commit. */
    private static final class LedgerLast extends AlteredBooks {
        private record Accepting(String key, int segment, Version version, boolean isDelete) {}

        private static final class Overtaken extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }

        private final Map<String, Version> ledger = new HashMap<>();
        private final ThreadLocal<List<Accepting>> later = new ThreadLocal<>();

        LedgerLast(SideBooks inner) {
            super(inner);
        }

        @Override
        Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
            if (method.equals("inTransaction") && !inner.isInTransaction()) {
                return transaction((SideBooks.Work<?>) arguments[0]);
            }
            return method.equals("accept") ? accept(arguments) : proceed.call();
        }

        private Object accept(Object[] arguments) {
            Accepting asked = new Accepting(
                    (String) arguments[0], (int) arguments[1], (Version) arguments[2], (boolean) arguments[3]);
            if (role(inner, asked.segment()).role() != Role.SHADOW) {
                return Acceptance.NOT_SHADOW;
            }
            if (!asked.version().isAfter(ledger.getOrDefault(asked.key(), Version.NONE))) {
                return Acceptance.OVERTAKEN;
            }
            later.get().add(asked);
            return Acceptance.ACCEPTED;
        }

        private Object transaction(SideBooks.Work<?> work) throws Exception {
            List<Accepting> accepted = new ArrayList<>();
            later.set(accepted);
            try {
                Object answer = inner.<Object>inTransaction(() -> {
                    Object result = work.run();
                    for (Accepting each : accepted) {
                        if (inner.accept(each.key(), each.segment(), each.version(), each.isDelete())
                                != Acceptance.ACCEPTED) {
                            throw new Overtaken();
                        }
                    }
                    return result;
                });
                accepted.forEach(each -> ledger.put(each.key(), each.version()));
                return answer;
            } catch (Overtaken overtaken) {
                return Acceptance.OVERTAKEN;
            } finally {
                later.remove();
            }
        }
    }

    /** Whoever takes a version has read the value before. */
    private static final class ValueFirst implements Between {
        private record Taken(Side side, long key, Optional<Item> value) {}

        private final Map<Side, Records<Long, Item>> records = new HashMap<>();
        private final ThreadLocal<Taken> taken = new ThreadLocal<>();

        @Override
        public SideBooks books(Side side, SideBooks inner) {
            return new AlteredBooks(inner) {
                @Override
                Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
                    if (method.equals("owed")
                            && inner.owed((String) arguments[0]).isPresent()) {
                        Long key = (Long) CanonicalKeys.decode((String) arguments[0]);
                        taken.set(new Taken(side, key, records.get(side).read(key)));
                        Waiting.pause(1);
                    }
                    return proceed.call();
                }
            }.asBooks();
        }

        @Override
        public Records<Long, Item> records(Side side, Records<Long, Item> inner) {
            records.put(side, inner);
            return new RereadRecords(inner, key -> {
                Taken before = taken.get();
                taken.remove();
                return before != null && before.side() == side && before.key() == key
                        ? before.value()
                        : inner.read(key);
            });
        }
    }

    /** A backfill that asks for the keys that are owed has looked into the ledger before. */
    private static final class LedgerFirst implements Between {
        private final Map<Side, SideBooks> books = new HashMap<>();
        private final ThreadLocal<Set<String>> seen = new ThreadLocal<>();

        @Override
        public SideBooks tableBooks(Side side, SideBooks inner) {
            books.put(side, inner);
            return new AlteredBooks(inner) {
                @Override
                Object call(String method, Object[] arguments, Inner proceed) throws Throwable {
                    if (side == Side.LEGACY && method.equals("owedAmong")) {
                        seen.set(books.get(Side.TARGET).heldAmong(texts(arguments[0])));
                        Waiting.pause(1);
                    }
                    Set<String> before = seen.get();
                    if (side == Side.TARGET && method.equals("heldAmong") && before != null) {
                        seen.remove();
                        return before;
                    }
                    return proceed.call();
                }
            }.asBooks();
        }

        @SuppressWarnings("unchecked")
        private static Collection<String> texts(Object keys) {
            return (Collection<String>) keys;
        }
    }
}
