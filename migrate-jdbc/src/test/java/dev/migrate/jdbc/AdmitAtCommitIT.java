package dev.migrate.jdbc;

import static dev.migrate.side.Role.AUTHORITY;
import static dev.migrate.side.Role.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.RefusedWriteException;
import dev.migrate.Side;
import dev.migrate.side.SegmentRange;
import dev.migrate.side.SideBooks;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On PostgreSQL, the last statements of a transaction admit the write and commit, in one round trip. */
class AdmitAtCommitIT {
    private static final int SEGMENT = 7;
    private SideFixture fixture;
    private SideBooks books;

    @BeforeEach
    void begin() throws SQLException {
        fixture = new SideFixture(new PostgresServer());
        books = fixture.books(Side.LEGACY);
        books.assign(SegmentRange.ALL, AUTHORITY, true, 1);
    }

    @AfterEach
    void end() throws SQLException {
        fixture.close();
    }

    private void write(String id) throws SQLException {
        fixture.execute("insert into app_row (id) values ('" + id + "')");
    }

    private void admit(String key) {
        books.admitAtCommit(key, SEGMENT, true, refusal -> refusal);
    }

    private long rows() throws SQLException {
        return fixture.count("select count(*) from app_row");
    }

    @Test
    void nothingIsOwed_beforeTheTransactionsWorkHasReturned() throws Exception {
        boolean isOwedBefore = books.inTransaction(() -> {
            write("k");
            admit("k");
            return books.owed("k").isPresent();
        });
        assertThat(isOwedBefore).isFalse();
        assertThat(books.owed("k")).isPresent();
        assertThat(rows()).isEqualTo(1);
    }

    /** Many times on one connection, so that the driver keeps the statements on the server. */
    @Test
    void connection_isAsItWas() throws Exception {
        for (int i = 0; i < 12; i++) {
            String key = "k" + i % 2;
            books.inTransaction(() -> {
                fixture.execute(
                        "insert into app_row (id) values ('" + key + "') on conflict (id) do update set content = 'x'");
                admit(key);
                return true;
            });
            try (Connection connection = fixture.pool.getConnection()) {
                assertThat(connection.getAutoCommit()).isTrue();
            }
        }
        assertThat(rows()).isEqualTo(2);
        assertThat(books.debt().keys()).isEqualTo(2);
    }

    @Test
    void refusedWrite_isRolledBack() throws Exception {
        books.assign(SegmentRange.ALL, SHADOW, true, 2);
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    write("k");
                    admit("k");
                    return true;
                }))
                .isInstanceOf(RefusedWriteException.class)
                .hasMessageContaining("segment 7");
        assertThat(rows()).isZero();
        books.assign(SegmentRange.ALL, AUTHORITY, true, 3);
        books.inTransaction(() -> {
            write("k");
            admit("k");
            return true;
        });
        assertThat(rows()).isEqualTo(1);
    }

    /** The write was admitted by then; it is no refusal of ours, and is not begun again. */
    @Test
    void deferredConstraint_failsTheCommitInTheDatabasesWords() throws Exception {
        fixture.execute("alter table app_row add unique (content) deferrable initially deferred");
        fixture.execute("insert into app_row (id, content) values ('first', 'same')");
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    fixture.execute("insert into app_row (id, content) values ('k', 'same')");
                    admit("k");
                    return true;
                }))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("23505"));
        assertThat(rows()).isEqualTo(1);
        assertThat(books.debt().isNone()).isTrue();
    }

    /** Whoever has begun it may write more in it, and ends it with a commit that is not ours. */
    @Test
    void transactionOfTheApplication_isAdmittedAtOnce() throws Exception {
        try (Connection connection = fixture.pool.getConnection()) {
            connection.setAutoCommit(false);
            boolean isOwed = fixture.dataSource.inTransactionOf(connection, () -> {
                write("k");
                admit("k");
                return books.owed("k").isPresent();
            });
            assertThat(isOwed).isTrue();
            assertThat(books.owed("k")).isEqualTo(Optional.empty());
            connection.commit();
        }
        assertThat(books.owed("k")).isPresent();
    }

    @Test
    void doomedTransaction_isNotCommittedByIt() throws Exception {
        assertThatThrownBy(() -> books.inTransaction(() -> {
                    write("k");
                    admit("k");
                    fixture.dataSource.doom(new SQLException("half-way"));
                    return true;
                }))
                .hasMessageContaining("half-way");
        assertThat(rows()).isZero();
        assertThat(books.debt().isNone()).isTrue();
    }
}
