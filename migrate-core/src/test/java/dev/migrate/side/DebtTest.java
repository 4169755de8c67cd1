package dev.migrate.side;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DebtTest {
    private static final Instant EARLY = Instant.parse("2030-01-01T00:00:00Z");
    private static final Instant LATE = EARLY.plusSeconds(60);

    @Test
    void twoSidesTogether_oweTheSum_andAreAsOldAsTheOlder() {
        Debt one = new Debt(5, 1, 2, 3, Optional.of(LATE), Optional.of(LATE));
        Debt other = new Debt(50, 10, 20, 30, Optional.of(EARLY), Optional.of(LATE.plusSeconds(1)));
        Debt both = new Debt(55, 11, 22, 33, Optional.of(EARLY), Optional.of(LATE));
        assertThat(one.plus(other)).isEqualTo(both);
        assertThat(other.plus(one)).isEqualTo(both);
    }

    @Test
    void sideThatOwesNothing_takesNoAgeAway() {
        Debt some = new Debt(1, 0, Optional.of(EARLY));
        assertThat(some.plus(Debt.NONE)).isEqualTo(some);
        assertThat(Debt.NONE.plus(some)).isEqualTo(some);
        assertThat(Debt.NONE.plus(Debt.NONE)).isEqualTo(Debt.NONE);
    }

    @Test
    void age_isThatOfTheOldest_andOfTheOldestThatIsTried() {
        Debt debt = new Debt(2, 1, 0, 0, Optional.of(EARLY), Optional.of(LATE));
        assertThat(debt.age(LATE.plusSeconds(1))).isEqualTo(Duration.ofSeconds(61));
        assertThat(debt.ageTried(LATE.plusSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(Debt.NONE.age(LATE)).isZero();
        assertThat(Debt.NONE.ageTried(LATE)).isZero();
    }

    @Test
    void parkedKeysAlone_areTriedByNobody() {
        assertThat(new Debt(3, 3, Optional.of(EARLY)).oldestTried()).isEmpty();
        assertThat(new Debt(3, 2, Optional.of(EARLY)).oldestTried()).contains(EARLY);
    }

    @Test
    void whatIsUnderWayOrDismissed_isNotSettled() {
        assertThat(Debt.NONE.isNone()).isTrue();
        assertThat(Debt.NONE.isSettled()).isTrue();
        assertThat(new Debt(1, 0, Optional.of(EARLY)).isNone()).isFalse();
        Debt begun = Debt.ofIntents(1, Optional.of(EARLY));
        assertThat(begun.isNone()).isFalse();
        assertThat(begun.isSettled()).isFalse();
        assertThat(begun.oldestTried()).contains(EARLY);
        Debt dismissed = Debt.ofDismissed(1);
        assertThat(dismissed.isNone()).as("nothing is owed").isTrue();
        assertThat(dismissed.isSettled()).as("but one has not arrived").isFalse();
    }
}
