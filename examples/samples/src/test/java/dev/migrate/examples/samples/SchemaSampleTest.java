package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LEGACY_ONLY;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.test.SchemaAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Migration;
import dev.migrate.jdbc.schema.SchemaCompatibility;
import dev.migrate.rollout.Rollout;
import dev.migrate.schema.SchemaReport;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.table.Mapping;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class SchemaSampleTest {
    @Test
    void aTargetThatCannotHoldWhatLegacyCan_isFoundBeforeTheFirstCopy() throws Exception {
        DataSource legacyDb = Databases.withOrders();
        DataSource targetDb = Databases.withOrders();
        execute(targetDb, "ALTER TABLE orders ALTER COLUMN customer VARCHAR(40)");
        execute(targetDb, "ALTER TABLE orders ALTER COLUMN cents RENAME TO amount");
        // @start region="check"
        SchemaCompatibility schemas = SchemaCompatibility.between(legacyDb, targetDb)
                .mapped("orders", Mapping.byName().rename("cents", "amount"));
        SchemaReport report = schemas.check();
        String text = report.toText(); // worst first, each with the statement that would mend it; toJson() for machines
        // @end region="check"
        assertThat(report).allows(LIVE);
        assertThat(text).contains("alter table \"ORDERS\" alter column \"CUSTOMER\" set data type varchar(100)");

        execute(legacyDb, "INSERT INTO orders VALUES (1, '" + "x".repeat(41) + "', 5)"); // no longer a mere risk
        assertThat(schemas.check()).refuses(DUAL_WRITE);
        Migration orders =
                Migration.named("orders").store(new InMemoryMigrationStore()).build();
        try (orders) {
            // @start region="gate"
            Rollout rollout = Rollout.of(orders)
                    .gate(schemas.gate())
                    .step(DUAL_WRITE)
                    .eachFor(Duration.ofHours(1))
                    .build();
            // @end region="gate"
            try (rollout) {
                rollout.look();
                assertThat(orders.current().stage()).isEqualTo(LEGACY_ONLY);
                execute(targetDb, "alter table \"ORDERS\" alter column \"CUSTOMER\" set data type varchar(100)");
                rollout.look();
                assertThat(orders.current().stage()).isEqualTo(DUAL_WRITE);
            }
        }
        // @start region="assert"
        assertThat(schemas.check()).allows(DUAL_WRITE); // in a test of your build: SchemaAssert, from migrate-test
        // @end region="assert"
        assertThat(schemas.check()).isEmpty();
    }

    private static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
