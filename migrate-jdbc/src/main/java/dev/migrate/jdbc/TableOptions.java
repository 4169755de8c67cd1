package dev.migrate.jdbc;

import dev.migrate.Records;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a {@link JdbcTable} was told. */
record TableOptions(
        TransactionBinding binding,
        String table,
        String records,
        List<String> key,
        List<Class<?>> keyTypes,
        UnaryOperator<Object> partition,
        @Nullable DataSource unpooled,
        int bulkConnections,
        SchemaMode schema,
        InstantSource time) {

    static TableOptions of(TransactionBinding binding, String table) {
        return new TableOptions(
                binding,
                table,
                Records.DEFAULT_NAME,
                List.of(),
                List.of(),
                UnaryOperator.identity(),
                null,
                0,
                SchemaMode.CREATE,
                InstantSource.system());
    }

    TableOptions withRecords(String name) {
        return new TableOptions(
                binding, table, name, key, keyTypes, partition, unpooled, bulkConnections, schema, time);
    }

    TableOptions withKey(List<String> columns) {
        return new TableOptions(
                binding, table, records, columns, keyTypes, partition, unpooled, bulkConnections, schema, time);
    }

    TableOptions withKeyTypes(List<Class<?>> types) {
        return new TableOptions(
                binding, table, records, key, types, partition, unpooled, bulkConnections, schema, time);
    }

    TableOptions withPartition(UnaryOperator<Object> function) {
        return new TableOptions(
                binding, table, records, key, keyTypes, function, unpooled, bulkConnections, schema, time);
    }

    TableOptions withBulk(DataSource connections, int atMost) {
        return new TableOptions(binding, table, records, key, keyTypes, partition, connections, atMost, schema, time);
    }

    TableOptions withSchema(SchemaMode mode) {
        return new TableOptions(
                binding, table, records, key, keyTypes, partition, unpooled, bulkConnections, mode, time);
    }

    TableOptions withTime(InstantSource source) {
        return new TableOptions(
                binding, table, records, key, keyTypes, partition, unpooled, bulkConnections, schema, source);
    }
}
