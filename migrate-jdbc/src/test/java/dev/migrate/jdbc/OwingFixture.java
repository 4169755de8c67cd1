package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;

import dev.migrate.Migration;
import dev.migrate.side.Role;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import dev.migrate.store.InMemoryMigrationStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;

/** A database whose legacy side of some records is authoritative and owes what is written. */
final class OwingFixture implements AutoCloseable {
    static final Migration MIGRATION = Migration.named("orders")
            .store(new InMemoryMigrationStore(InstantSource.system()))
            .build();

    final SideFixture side;
    final boolean isPostgres;

    OwingFixture(TestServer server, String... ddl) throws SQLException {
        side = new SideFixture(server);
        side.database.execute(ddl);
        isPostgres = server.product().equals("postgresql");
    }

    JdbcTable table(String name) {
        return JdbcTable.of(side.dataSource, name);
    }

    OwingTrigger on(JdbcTable table) {
        books(table).assign(SegmentRange.ALL, Role.AUTHORITY, true, 1);
        return OwingTrigger.of(MIGRATION).legacy(table);
    }

    SideBooks books(JdbcTable table) {
        return table.books("orders", LEGACY);
    }

    Set<String> owed() throws SQLException {
        Set<String> owed = new TreeSet<>();
        try (Connection connection = side.dataSource.newConnection();
                Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("select record_key from migrate_journal")) {
            while (rows.next()) {
                owed.add(rows.getString(1));
            }
        }
        return owed;
    }

    /** Everything that triggers have brought into the database. */
    long left() throws SQLException {
        return side.count(
                isPostgres
                        ? "select (select count(*) from pg_proc where proname like 'migrate\\_%')"
                                + " + (select count(*) from pg_trigger where tgname like 'migrate\\_%')"
                        : "select (select count(*) from information_schema.triggers where trigger_schema = database())"
                                + " + (select count(*) from information_schema.routines where routine_schema = database())");
    }

    @Override
    public void close() throws SQLException {
        side.close();
    }
}
