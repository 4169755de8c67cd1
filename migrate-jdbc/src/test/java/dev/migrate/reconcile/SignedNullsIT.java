package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.jdbc.TablePair;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** NULLs in rows that are compared within PostgreSQL. */
class SignedNullsIT {
    private final TablePair pair = TablePair.ofPostgres();

    @AfterEach
    void close() throws Exception {
        assertThat(pair.openConnections(Side.LEGACY)).isZero();
        assertThat(pair.openConnections(Side.TARGET)).isZero();
        pair.close();
    }

    private void both(String sql) throws Exception {
        pair.execute(Side.LEGACY, sql);
        pair.execute(Side.TARGET, sql);
    }

    private ReconciliationReport compared(String table) throws Exception {
        return Reconciliation.of(pair.migration)
                .legacy(pair.legacy(table))
                .target(pair.target(table))
                .build()
                .run();
    }

    @Test
    void moreNullsAndFlagsThanOneNumberHasBits() throws Exception {
        String columns = String.join(
                ", ", IntStream.range(0, 40).mapToObj(n -> "f" + n + " boolean").toList());
        both("CREATE TABLE flags (id bigint PRIMARY KEY, " + columns + ")");
        both("INSERT INTO flags SELECT n FROM generate_series(1, 10) n");
        assertThat(compared("flags").rowsClearedBySignature()).isEqualTo(10);
        for (int column : new int[] {0, 15, 16, 31, 39}) {
            pair.execute(Side.TARGET, "UPDATE flags SET f" + column + " = false WHERE id = 5");
            assertThat(compared("flags").confirmed())
                    .extracting(Difference::fields)
                    .containsExactly(List.of("f" + column));
            pair.execute(Side.TARGET, "UPDATE flags SET f" + column + " = NULL WHERE id = 5");
        }
    }

    /** A sum leaves out what is NULL, and with it the whole row. */
    @Test
    void nullFromBeforeAConstraint_doesNotHideItsRow() throws Exception {
        both("CREATE TABLE notes (id bigint PRIMARY KEY, v text, w text)");
        both("INSERT INTO notes VALUES (1, NULL, 'a'), (2, 'x', 'b')");
        both("ALTER TABLE notes ADD CONSTRAINT v_is_there NOT NULL v NOT VALID");
        assertThat(compared("notes").rowsClearedBySignature()).isEqualTo(2);
        pair.execute(Side.TARGET, "DELETE FROM notes WHERE id = 1");
        pair.execute(Side.TARGET, "ALTER TABLE notes DROP CONSTRAINT v_is_there");
        pair.execute(Side.TARGET, "INSERT INTO notes VALUES (1, NULL, 'other')");
        pair.execute(Side.TARGET, "ALTER TABLE notes ADD CONSTRAINT v_is_there NOT NULL v NOT VALID");
        assertThat(compared("notes").confirmed()).extracting(Difference::fields).containsExactly(List.of("w"));
    }
}
