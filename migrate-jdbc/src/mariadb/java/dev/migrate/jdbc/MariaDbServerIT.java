package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MariaDbServerIT {
    @Test
    void mariaDb_isAmongTheServersOfTheOtherTests() {
        assertThat(TestDatabases.servers()).extracting(TestServer::product).contains("h2", "postgresql", "mariadb");
    }
}
