package dev.migrate.examples.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.MigrationStore;
import dev.migrate.flag.PercentageFlag;
import dev.migrate.jdbc.JdbcMigrationStore;
import org.junit.jupiter.api.Test;

class FlagSampleTest {
    @Test
    void raisingAFlagNeverSendsAKeyBack() throws Exception {
        MigrationStore store = new JdbcMigrationStore(Databases.withOrders());
        int before = 0;
        // @start region="flag"
        PercentageFlag flag = PercentageFlag.named("new-search")
                .percent(5)
                .alwaysOn("customer:acme")
                .store(store)
                .build();
        boolean isOn = flag.isOn("customer:42"); // same key, same answer, on every node
        // @end region="flag"
        try (flag) {
            for (int customer = 0; customer < 10_000; customer++) {
                before += flag.isOn("customer:" + customer) ? 1 : 0;
            }
            // @start region="turn"
            flag.turnTo(25, "error rate flat for a day"); // raising it never sends a key back
            // @end region="turn"
            assertThat(flag.isOn("customer:42")).isIn(isOn, true);
            assertThat(flag.isOn("customer:acme")).isTrue();
            assertThat(before).isBetween(400, 600);
        }
    }
}
