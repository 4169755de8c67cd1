package dev.migrate.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.migrate.side.SideBooks;
import dev.migrate.test.OwedKeysContract;
import java.sql.SQLException;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The contract on a real database; a class for each product extends it. */
abstract class JdbcOwedKeysContract extends OwedKeysContract {
    private final TestServer server;
    private TestDatabase database;
    private HikariDataSource pool;
    private SideBooks books;

    JdbcOwedKeysContract(TestServer server) {
        this.server = server;
    }

    @Override
    protected final SideBooks emptyBooks(InstantSource time) throws SQLException {
        database = server.fresh();
        pool = JdbcSideBooksContract.pool(database);
        books = JdbcSideBooksContract.books(pool, time);
        database.execute(
                "create table parent (id int primary key, code varchar(10) unique, amount int not null check (amount > 0))",
                "create table child (id int primary key, parent_id int references parent (id))",
                "insert into parent (id, code, amount) values (1, 'a', 1)",
                "insert into child (id, parent_id) values (1, 1)");
        return books;
    }

    /** What the databases themselves throw, on this one. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true  | insert into parent (id, code, amount) values (2, 'a', 1)",
                "true  | insert into parent (id, code, amount) values (1, 'b', 1)",
                "true  | insert into child (id, parent_id) values (2, 9)",
                "true  | update child set parent_id = 9",
                "true  | delete from parent",
                "false | insert into parent (id, code, amount) values (2, 'b', null)",
                "false | insert into parent (id, code, amount) values (2, 'b', 0)",
                "false | insert into parent (id, code, amount) values (2, 'far too long a code', 1)",
                "false | insert into nowhere (id) values (1)"
            })
    final void refusalBecauseOfAnotherRow_isToldFromOthers(boolean isConflict, String statement) {
        assertThatThrownBy(() -> database.execute(statement))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        refused -> assertThat(books.isConflict(new IllegalStateException("repository", refused)))
                                .as(refused.getSQLState() + "/" + refused.getErrorCode())
                                .isEqualTo(isConflict));
    }

    @AfterEach
    final void drop() throws SQLException {
        pool.close();
        database.close();
    }
}
