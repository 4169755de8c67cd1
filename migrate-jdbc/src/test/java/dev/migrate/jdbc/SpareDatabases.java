package dev.migrate.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Databases of PostgreSQL, each of which is emptied and handed out again under another name: to make one takes the server ten times as long.
 * One in which anything of a test's is left is not handed out again; it goes with the server.
 */
final class SpareDatabases implements AutoCloseable {
    private record Spare(String name, int uses) {}

    /** Dropped tables leave dead rows in the catalogue. */
    private static final int MOST_USES = 25;

    private static final int FIRST_OBJECT_OF_USERS = 16_384;

    /** Waits for the sessions to be gone by looking often, where the server itself would look ten times a second. */
    private static final String END_SESSIONS = """
            do $$ begin
              loop
                perform pg_terminate_backend(pid) from pg_stat_activity where datname = '%1$s';
                perform pg_stat_clear_snapshot();
                exit when not exists (select from pg_stat_activity where datname = '%1$s');
                perform pg_sleep(0.002);
                perform pg_stat_clear_snapshot();
              end loop;
            end $$""";

    private static final String EMPTY = """
            do $$ declare of_user text; begin
              for of_user in select nspname from pg_namespace
                  where nspname = 'public' or (oid >= %1$d and nspname !~ '^pg_') loop
                execute format('drop schema %%I cascade', of_user);
              end loop;
              create schema public authorization pg_database_owner;
              grant usage on schema public to public;
            end $$""".formatted(FIRST_OBJECT_OF_USERS);

    private static final String LEFT = """
            select (select count(*) from pg_class where oid >= %1$d) + (select count(*) from pg_type where oid >= %1$d)
              + (select count(*) from pg_proc where oid >= %1$d) + (select count(*) from pg_operator where oid >= %1$d)
              + (select count(*) from pg_cast where oid >= %1$d) + (select count(*) from pg_collation where oid >= %1$d)
              + (select count(*) from pg_extension where oid >= %1$d) + (select count(*) from pg_event_trigger)
              + (select count(*) from pg_publication) + (select count(*) from pg_largeobject_metadata)
              + (select count(*) from pg_default_acl)
              + (select count(*) from pg_namespace where oid >= %1$d and nspname !~ '^pg_' and nspname <> 'public')
            """.formatted(FIRST_OBJECT_OF_USERS);

    private final Connection admin;
    private final Function<String, DataSource> at;
    private final Queue<Spare> spare = new ConcurrentLinkedQueue<>();
    private final ExecutorService cleaner = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "empties databases");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Databases of a server.
     *
     * @param admin a connection to another database, kept as long as these
     * @param at the database of a name
     */
    SpareDatabases(Connection admin, Function<String, DataSource> at) {
        this.admin = admin;
        this.at = at;
    }

    TestDatabase fresh(String product) throws SQLException {
        Spare ready = spare.poll();
        Spare taken = ready == null ? new Spare(TestDatabases.freshName(), 0) : ready;
        if (ready == null) {
            execute("create database " + taken.name);
        }
        return new TestDatabase(product, taken.name, at.apply(taken.name), () -> giveBack(taken));
    }

    /** From here on nobody reaches it by the name that it had. */
    private void giveBack(Spare used) throws SQLException {
        String name = TestDatabases.freshName();
        execute(
                END_SESSIONS.formatted(used.name),
                "alter database " + used.name + " rename to " + name,
                "alter database " + name + " reset all");
        if (used.uses + 1 < MOST_USES) {
            cleaner.execute(() -> empty(new Spare(name, used.uses + 1)));
        }
    }

    private void empty(Spare used) {
        try (Connection connection = at.apply(used.name).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set client_min_messages = error");
            statement.execute(EMPTY);
            try (ResultSet left = statement.executeQuery(LEFT)) {
                left.next();
                if (left.getLong(1) > 0) {
                    return;
                }
            }
        } catch (SQLException left) {
            return;
        }
        spare.add(used);
    }

    /** How many are ready to be handed out. */
    int ready() {
        return spare.size();
    }

    /** Drops those that are ready; what is in use stays. */
    @Override
    public void close() throws SQLException, InterruptedException {
        cleaner.shutdown();
        cleaner.awaitTermination(1, TimeUnit.MINUTES);
        for (Spare ready : spare) {
            execute("drop database " + ready.name + " with (force)");
        }
        admin.close();
    }

    private synchronized void execute(String... statements) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
