package dev.migrate.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.Side;
import dev.migrate.jdbc.MariaDbServer;
import dev.migrate.jdbc.TablePair;
import dev.migrate.table.RowRefusedException;
import org.junit.jupiter.api.Test;

/** What only MariaDB does to UUIDs: it has an order of its own, and takes none of version 8. */
class MariaDbUuidKeysIT {
    private static final String TABLE = "CREATE TABLE users (id UUID PRIMARY KEY, v INT)";

    @Test
    void uuidThatMariaDbDoesNotTake_isRefusedByItsKeyAndColumn() throws Exception {
        try (TablePair pair = TablePair.fromPostgres(new MariaDbServer())) {
            pair.execute(Side.LEGACY, TABLE);
            pair.execute(Side.TARGET, TABLE);
            pair.execute(Side.LEGACY, "INSERT INTO users VALUES ('00000000-0000-8000-8000-000000000000', 1)");
            pair.dualWrite();
            assertThatThrownBy(() -> Backfill.of(pair.migration)
                            .legacy(pair.legacy("users"))
                            .target(pair.target("users"))
                            .attempts(1)
                            .build()
                            .run())
                    .isInstanceOf(RowRefusedException.class)
                    .hasMessageContaining("key u:00000000-0000-8000-8000-000000000000 by type of column 'id'");
            assertThat(pair.target("users").ordersLike(pair.legacy("users"))).isFalse();
        }
    }
}
