package dev.migrate.verify.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.verify.cluster.Deed.Done;
import dev.migrate.verify.cluster.Deed.Kind;
import dev.migrate.verify.cluster.Deed.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoomVerdictTest {
    private final List<Deed> deeds = new ArrayList<>();

    private static Ticket ticket(long id, long changes) {
        return new Ticket(id, "c", changes, null);
    }

    private void deed(Kind kind, long ticket, Outcome outcome) {
        deeds.add(new Deed(kind, List.of(ticket), outcome, Done.NOTHING));
    }

    private List<String> lost(Ticket... held) {
        return RoomVerdict.lost(List.of(held), List.of(ticket(1, 1)), deeds);
    }

    @Test
    void everyAcknowledgedStamp_countsOnce() {
        deed(Kind.BOOK, 2, Outcome.DONE);
        deed(Kind.STAMP, 2, Outcome.DONE);
        deed(Kind.STAMP, 2, Outcome.REFUSED);
        assertThat(lost(ticket(1, 1), ticket(2, 2))).isEmpty();
        assertThat(lost(ticket(1, 1), ticket(2, 1))).containsExactly("ticket 2 was written 2 to 2 times, and has 1");
        assertThat(lost(ticket(1, 1), ticket(2, 3))).hasSize(1);
    }

    @Test
    void aTicketThatIsNotThere_isLost_seededOrMade() {
        assertThat(lost()).containsExactly("ticket 1 was written 1 to 1 times, and has 0");
        deed(Kind.BOOK, 2, Outcome.DONE);
        assertThat(lost(ticket(1, 1))).containsExactly("ticket 2 was written 1 to 1 times, and has 0");
    }

    @Test
    void aStampOfWhichNobodyKnows_mayHaveHappenedOrNot() {
        deed(Kind.STAMP, 1, Outcome.UNKNOWN);
        assertThat(lost(ticket(1, 1))).isEmpty();
        assertThat(lost(ticket(1, 2))).isEmpty();
        assertThat(lost(ticket(1, 3))).hasSize(1);
    }

    @Test
    void aRowOfOneSideAlone_orNotTheSameInAColumn_isUnequal() {
        assertThat(RoomVerdict.unequal(Map.of("room 1", "a", "room 2", "b"), Map.of("room 1", "a", "room 2", "b")))
                .isEmpty();
        assertThat(RoomVerdict.unequal(Map.of("room 1", "a", "room 2", "b"), Map.of("room 2", "c", "room 3", "d")))
                .containsExactly("room 1: a, not in target", "room 2: b, c", "room 3: not in legacy, d");
    }
}
