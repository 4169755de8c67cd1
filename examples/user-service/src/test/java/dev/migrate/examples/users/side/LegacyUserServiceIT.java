package dev.migrate.examples.users.side;

import dev.migrate.examples.users.TestDatabases;
import dev.migrate.examples.users.UserService;
import dev.migrate.examples.users.UserServiceContract;
import dev.migrate.examples.users.jdbc.Transactions;
import dev.migrate.examples.users.run.Schema;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;

class LegacyUserServiceIT extends UserServiceContract {

    private static DataSource database;

    @BeforeAll
    static void create() {
        database = TestDatabases.with(Schema.LEGACY);
    }

    @Override
    protected UserService service() {
        TestDatabases.execute(database, "delete from users");
        return new LegacyUserService(Transactions.of(database));
    }
}
