package dev.migrate.jdbc;

import static dev.migrate.Side.LEGACY;
import static dev.migrate.Side.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.Side;
import dev.migrate.backfill.Backfill;
import dev.migrate.side.SideBooks;
import dev.migrate.table.Mapping;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the authoritative database makes is copied as values, and never made again by the shadow, whichever side that is. */
class GeneratedValuesIT {
    static final List<TestServer> SERVERS = TestDatabases.servers();
    private static final String ROWS = "select * from users order by id";

    /** Every way in which a database makes values, on both sides, each with values of its own. */
    private static void createTables(TablePair pair, String product) throws Exception {
        for (Side side : Side.values()) {
            String plan = side == LEGACY ? "'free'" : "'basic'";
            pair.database(side)
                    .execute(
                            switch (product) {
                                case "postgresql" ->
                                    "create table users (id bigint generated always as identity primary key, name varchar(50),"
                                            + " plan varchar(20) default " + plan
                                            + ", made timestamp default clock_timestamp(),"
                                            + " touched timestamp, initial text generated always as (left(name, 1)) stored,"
                                            + " changes integer)";
                                case "mariadb" ->
                                    "create table users (id bigint auto_increment primary key, name varchar(50),"
                                            + " plan varchar(20) default " + plan
                                            + ", made timestamp(6) default current_timestamp(6),"
                                            + " touched timestamp(6) default current_timestamp(6) on update current_timestamp(6),"
                                            + " initial char(1) generated always as (left(name, 1)) stored, changes integer)";
                                default ->
                                    "create table users (id bigint generated always as identity primary key, name varchar(50),"
                                            + " plan varchar(20) default " + plan
                                            + ", made timestamp(6) default current_timestamp(6),"
                                            + " touched timestamp(6) default current_timestamp(6) on update current_timestamp(6),"
                                            + " initial varchar(1) generated always as (left(name, 1)), changes integer)";
                            });
        }
    }

    /** A trigger that counts changes and dates them; told of copies, it leaves them alone. */
    private static void createTrigger(TablePair pair, String product, Side side, boolean sparesCopies)
            throws Exception {
        if (product.equals("postgresql")) {
            pair.database(side)
                    .execute(
                            "create function touch() returns trigger language plpgsql as $$ begin"
                                    + (sparesCopies
                                            ? " if current_setting('migrate.copying', true) = 'on' then return new; end if;"
                                            : "")
                                    + " new.touched := clock_timestamp(); new.changes := coalesce(new.changes, 0) + 1;"
                                    + " return new; end $$",
                            "create trigger users_touch before insert or update on users for each row"
                                    + " execute function touch()");
        } else if (product.equals("mariadb")) {
            for (String event : List.of("insert", "update")) {
                pair.database(side)
                        .execute("create trigger users_touch_" + event + " before " + event + " on users for each row "
                                + (sparesCopies ? "if @migrate_copying is null then " : "begin ")
                                + "set new.changes = coalesce(new.changes, 0) + 1; "
                                + (sparesCopies ? "end if" : "end"));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void valuesThatOneSideMakes_standOnTheOtherAsTheyAre_bothWays(TestServer server) throws Exception {
        try (TablePair pair = new TablePair(server, server)) {
            createTables(pair, server.product());
            createTrigger(pair, server.product(), LEGACY, true);
            createTrigger(pair, server.product(), TARGET, true);
            JdbcTable legacy = pair.legacy("users");
            JdbcTable target = pair.target("users");
            pair.execute(LEGACY, "insert into users (name) values ('ann'), ('bob')");
            pair.dualWrite();
            Backfill.of(pair.migration).legacy(legacy).target(target).build().run();
            assertEqual(pair);
            pair.write(LEGACY, 1L, "update users set name = 'eve' where id = 1");
            create(pair, LEGACY, "cid");
            pair.drain(LEGACY, legacy, target, Mapping.byName());
            assertEqual(pair);
            try (SequenceGate ids = SequenceGate.of(pair.migration)
                    .legacy(JdbcSequence.behind(pair.legacyDb, "users", "id"))
                    .target(JdbcSequence.behind(pair.targetDb, "users", "id"))
                    .build()) {
                ids.advance();
            }
            pair.assign(TARGET);
            pair.write(TARGET, 2L, "update users set name = 'dan' where id = 2");
            pair.write(TARGET, 1L, "delete from users where id = 1");
            create(pair, TARGET, "fay");
            pair.drain(TARGET, target, legacy, Mapping.byName());
            assertEqual(pair);
            assertThat(pair.query(LEGACY, "select name, plan, initial from users order by id"))
                    .containsExactly("dan|free|d", "cid|free|c", "fay|basic|f");
        }
    }

    /** A create whose key its database makes: by that side alone, and owed in the same transaction. */
    private static void create(TablePair pair, Side side, String name) throws Exception {
        SideBooks books = pair.books(side);
        books.inTransaction(() -> {
            pair.execute(side, "insert into users (name) values ('" + name + "')");
            long id;
            try (var connection = pair.db(side).getConnection();
                    var select = connection.createStatement();
                    var rows = select.executeQuery("select max(id) from users")) {
                rows.next();
                id = rows.getLong(1);
            }
            int segment = dev.migrate.Position.segmentOf(pair.migration.bucketOf(id));
            books.owe(List.of(new SideBooks.Key("l:" + id, segment)), Instant.EPOCH);
            return true;
        });
    }

    private static void assertEqual(TablePair pair) throws Exception {
        assertThat(pair.query(TARGET, ROWS)).isNotEmpty().isEqualTo(pair.query(LEGACY, ROWS));
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void rehearsal_isCleanWhereOnlyDefaultsAndOnUpdateStandAgainstTheCopy(TestServer server) throws Exception {
        try (TablePair pair = new TablePair(server, server)) {
            createTables(pair, server.product());
            createTrigger(pair, server.product(), TARGET, true);
            CopyRehearsal rehearsal = rehearsal(pair);
            assertThat(rehearsal.run()).asString().contains("no write of table 'users' of the TARGET side");
            assertThat(rehearsal.clean().closedBecause()).isPresent();
            pair.execute(TARGET, "insert into users (name) values ('ann'), ('bob'), ('cid')");
            List<String> before = pair.query(TARGET, ROWS);
            RehearsalReport report = rehearsal.run();
            assertThat(report.isClean()).as(report.toString()).isTrue();
            assertThat(report.writes()).isEqualTo(6);
            assertThat(rehearsal.clean().closedBecause()).isEmpty();
            assertThat(pair.query(TARGET, ROWS)).isEqualTo(before);
            assertThat(pair.openConnections(TARGET)).isZero();
        }
    }

    /** H2's triggers are classes on the server's path, and it is not for them that a rehearsal is made. */
    static final List<TestServer> WITH_TRIGGERS = BypassFixture.SERVERS;

    @ParameterizedTest
    @FieldSource("WITH_TRIGGERS")
    void triggerThatChangesACopiedValue_isNamed(TestServer server) throws Exception {
        try (TablePair pair = new TablePair(server, server)) {
            createTables(pair, server.product());
            createTrigger(pair, server.product(), TARGET, false);
            pair.execute(TARGET, "insert into users (name) values ('secret ann'), ('secret bob')");
            RehearsalReport report = rehearsal(pair).run();
            assertThat(report.isClean()).isFalse();
            assertThat(report.changes())
                    .extracting(RehearsalReport.Change::column)
                    .contains("changes");
            assertThat(report.changes()).allMatch(change -> change.onInsert() && change.onUpdate());
            assertThat(report.triggers()).isNotEmpty().allMatch(name -> name.startsWith("users_touch"));
            assertThat(report.toString())
                    .contains(
                            "table 'users' of the TARGET side",
                            "'changes' on insert and update",
                            "users_touch",
                            "before")
                    .doesNotContain("secret");
            assertThat(rehearsal(pair).clean().closedBecause()).contains(report.toString());
        }
    }

    /** What becomes of a copy where nobody has looked: the shadow holds another value than the authoritative side. */
    @ParameterizedTest
    @FieldSource("WITH_TRIGGERS")
    void triggerThatNobodyHasNoticed_makesTheSidesDiffer(TestServer server) throws Exception {
        try (TablePair pair = new TablePair(server, server)) {
            createTables(pair, server.product());
            createTrigger(pair, server.product(), TARGET, false);
            pair.dualWrite();
            pair.write(LEGACY, 1L, "insert into users (name, changes) values ('ann', 5)");
            pair.drain(LEGACY, pair.legacy("users"), pair.target("users"), Mapping.byName());
            assertThat(pair.query(LEGACY, "select changes from users")).containsExactly("5");
            assertThat(pair.query(TARGET, "select changes from users")).containsExactly("6");
        }
    }

    private static CopyRehearsal rehearsal(TablePair pair) {
        return CopyRehearsal.of(pair.migration)
                .legacy(pair.legacy("users"))
                .target(pair.target("users"))
                .build();
    }
}
