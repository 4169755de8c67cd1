package dev.migrate.jdbc.decommission;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.jdbc.NamedProduct;
import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products whose statistics show nothing: that is said, and not taken for an answer. */
class WithoutStatisticsIT {
    @ParameterizedTest
    @CsvSource({"MySQL, MySQL counts waits", "Oracle, Oracle keeps no statistics"})
    void product_isUnusable(String name, String why) throws Exception {
        try (TestDatabase database = TestDatabases.h2();
                Connection connection = new NamedProduct(name, Map.of(), Map.of())
                        .around(database.dataSource())
                        .getConnection()) {
            Statistics statistics = Statistics.of(connection);
            assertThatThrownBy(() -> statistics.read(connection, List.of("t")))
                    .isInstanceOf(Statistics.Unusable.class)
                    .hasMessageContaining(why);
        }
    }
}
