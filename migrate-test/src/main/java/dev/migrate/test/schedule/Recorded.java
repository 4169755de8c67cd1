package dev.migrate.test.schedule;

import dev.migrate.test.history.KeyOperation;
import dev.migrate.test.history.KeyOperation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations of a schedule's clients; used by whoever has the turn. */
final class Recorded {
    /** An operation that is under way; what is never said of it is not known. */
    static final class Call {
        private final long key;
        private final Kind kind;
        private final long at;
        private @Nullable String value;
        private long answeredAt = KeyOperation.NEVER;
        private boolean isVoid;

        private Call(long key, Kind kind, @Nullable String value, long at) {
            this.key = key;
            this.kind = kind;
            this.value = value;
            this.at = at;
        }

        private KeyOperation<Long, String> asOperation() {
            return new KeyOperation<>(key, kind, value, at, answeredAt);
        }
    }

    private final List<Call> calls = new ArrayList<>();
    private long moment;

    Call reads(long key) {
        return begin(new Call(key, Kind.READ, null, moment++));
    }

    Call writes(long key, Optional<String> value) {
        return begin(new Call(key, Kind.WRITE, value.orElse(null), moment++));
    }

    private Call begin(Call call) {
        calls.add(call);
        return call;
    }

    void found(Call call, Optional<String> value) {
        call.value = value.orElse(null);
        call.answeredAt = moment++;
    }

    void acknowledged(Call call) {
        call.answeredAt = moment++;
    }

    /** It has had no effect, or says nothing. */
    void isVoid(Call call) {
        call.isVoid = true;
    }

    int acknowledgedWrites() {
        return (int) calls.stream()
                .filter(call -> call.kind == Kind.WRITE && !call.isVoid && call.answeredAt != KeyOperation.NEVER)
                .count();
    }

    List<KeyOperation<Long, String>> operations() {
        return calls.stream()
                .filter(call -> !call.isVoid)
                .map(call -> Objects.requireNonNull(call).asOperation())
                .toList();
    }
}
