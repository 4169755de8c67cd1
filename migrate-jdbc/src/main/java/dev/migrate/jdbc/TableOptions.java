package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.Records;
import dev.migrate.table.Column;
import dev.migrate.table.Shape;
import java.time.InstantSource;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link JdbcTable} was told.
 *
 * @param books the database of its books; null where they are beside its rows
 */
record TableOptions(
        TransactionBinding binding,
        String table,
        String records,
        List<String> key,
        List<Class<?>> keyTypes,
        Partition partition,
        @Nullable DataSource unpooled,
        int bulkConnections,
        SchemaMode schema,
        InstantSource time,
        @Nullable TransactionBinding books) {

    static TableOptions of(TransactionBinding binding, String table) {
        return new TableOptions(
                binding,
                table,
                Records.DEFAULT_NAME,
                List.of(),
                List.of(),
                Partition.WHOLE_KEY,
                null,
                0,
                SchemaMode.CREATE,
                InstantSource.system(),
                null);
    }

    TableOptions withRecords(String name) {
        return new TableOptions(
                binding, table, name, key, keyTypes, partition, unpooled, bulkConnections, schema, time, books);
    }

    TableOptions withKey(List<String> columns) {
        return new TableOptions(
                binding, table, records, columns, keyTypes, partition, unpooled, bulkConnections, schema, time, books);
    }

    TableOptions withKeyTypes(List<Class<?>> types) {
        return new TableOptions(
                binding, table, records, key, types, partition, unpooled, bulkConnections, schema, time, books);
    }

    TableOptions withPartition(Partition what) {
        return new TableOptions(
                binding, table, records, key, keyTypes, what, unpooled, bulkConnections, schema, time, books);
    }

    /** Refuses a partition by a column that the key does not have. */
    void requirePartitionIn(Shape shape) {
        if (partition.column() != null && partition.placeIn(shape) < 0) {
            throw new MigrationException(
                    "partitionBy of table '" + table + "' must name a column of the key, but named '"
                            + partition.column() + "'; the key is "
                            + shape.key().stream().map(Column::name).toList());
        }
    }

    TableOptions withBulk(DataSource connections, int atMost) {
        return new TableOptions(
                binding, table, records, key, keyTypes, partition, connections, atMost, schema, time, books);
    }

    TableOptions withSchema(SchemaMode mode) {
        return new TableOptions(
                binding, table, records, key, keyTypes, partition, unpooled, bulkConnections, mode, time, books);
    }

    TableOptions withTime(InstantSource source) {
        return new TableOptions(
                binding, table, records, key, keyTypes, partition, unpooled, bulkConnections, schema, source, books);
    }

    TableOptions withBooks(TransactionBinding database) {
        return new TableOptions(
                binding, table, records, key, keyTypes, partition, unpooled, bulkConnections, schema, time, database);
    }
}
