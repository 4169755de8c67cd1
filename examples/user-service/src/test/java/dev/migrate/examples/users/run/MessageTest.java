package dev.migrate.examples.users.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.examples.users.console.Figures;
import dev.migrate.examples.users.console.Figures.Count;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTest {

    static List<Message> messages() {
        return List.of(
                new Message.Progress("backfill", 5, 10, "half of it"),
                new Message.Note("rolled back: error rate 12 % against 0 %"),
                new Message.Reached(25),
                new Message.Finished(List.of("legacy", "target")));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void decode_ofEncode_isTheSame(Message message) {
        assertThat(Message.decode(message.encode())).hasValue(message);
    }

    @Test
    void aSnapshot_bringsItsFigures() {
        Message decoded = Message.decode(new Message.Snapshot(new Figures().add(Count.FALLBACKS, 4)).encode())
                .orElseThrow();

        assertThat(decoded)
                .isInstanceOfSatisfying(
                        Message.Snapshot.class,
                        snapshot -> assertThat(snapshot.figures().count(Count.FALLBACKS))
                                .isEqualTo(4));
    }

    @Test
    void otherOutput_andATornLine_areNoMessages() {
        assertThat(Message.decode("Picked up JAVA_TOOL_OPTIONS")).isEmpty();
        assertThat(Message.decode(Message.MARK + "progress\tbackfill\t5")).isEmpty();
        assertThat(Message.decode(Message.MARK + "snaps")).isEmpty();
    }
}
