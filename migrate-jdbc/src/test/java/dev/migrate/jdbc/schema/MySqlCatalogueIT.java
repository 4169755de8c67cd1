package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.jdbc.TestDatabase;
import dev.migrate.jdbc.TestDatabases;
import dev.migrate.jdbc.schema.Details.Given;
import dev.migrate.jdbc.schema.Model.Check;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What MySQL writes into its catalogue, in rows that are made up of it. */
class MySqlCatalogueIT {
    private static Field field(String type, String initial, Given given) throws Exception {
        try (TestDatabase database = TestDatabases.h2();
                Connection connection = database.dataSource().getConnection();
                Statement select = connection.createStatement();
                ResultSet row =
                        select.executeQuery("select 'c' as COLUMN_NAME, '" + initial + "' as COLUMN_DEF, 'NO' as"
                                + " IS_AUTOINCREMENT, 'YES' as IS_GENERATEDCOLUMN, 1 as NULLABLE")) {
            row.next();
            Details.Of details = new Details.Of(type, List.of(), false, false, true, null, null, given);
            return FieldReading.read(Product.MYSQL, row, details, new ArrayList<>());
        }
    }

    /** The driver calls a column generated that has an expression for a default. */
    @Test
    void columnWithADefault_isNotComputed() throws Exception {
        Field made = field("datetime(6)", "CURRENT_TIMESTAMP(6)", new Given(false, true));
        assertThat(made.generation()).isEqualTo(Generation.NONE);
        assertThat(made.initial()).isEqualTo("CURRENT_TIMESTAMP(6)");
        assertThat(field("int", "1", new Given(true, false)).generation()).isEqualTo(Generation.COMPUTED);
    }

    @Test
    void defaultThatIsAText_comesWithoutQuotes() throws Exception {
        assertThat(field("varchar(10)", "none", new Given(false, false)).initial())
                .isEqualTo("'none'");
        assertThat(field("int", "7", new Given(false, false)).initial()).isEqualTo("7");
    }

    @Test
    void check_comesWithEscapedQuotesAndCharacterSets() {
        String clause = MySqlDetails.unescaped("(`state` in (_utf8mb4\\'open\\',_utf8mb4\\'it_utf8mb4\\'))");
        assertThat(clause).isEqualTo("(`state` in ('open','it_utf8mb4'))");
        assertThat(Check.read(Product.MYSQL, "c", null, clause).understood())
                .isEqualTo(Check.read(Product.MARIADB, "c", null, "`state` in ('open','it_utf8mb4')")
                        .understood())
                .isPresent();
    }

    @Test
    void typesAreItsOwn() {
        assertThat(TypeSql.of(Product.MYSQL, new Domain.Uuid())).isNull();
        assertThat(TypeSql.of(Product.MARIADB, new Domain.Uuid())).isEqualTo("uuid");
        assertThat(TypeSql.of(Product.MYSQL, new Domain.Json())).isEqualTo("json");
        assertThat(Product.MYSQL.quoted("a`b")).isEqualTo("`a``b`");
    }
}
