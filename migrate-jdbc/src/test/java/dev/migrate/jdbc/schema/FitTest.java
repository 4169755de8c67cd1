package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.jdbc.schema.Fit.Degree;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How far the values of one type fit into another; both are written as MariaDB writes them, where a product is not named. */
class FitTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int                    | bigint                 | ALL
            bigint                 | int                    | SOME
            int unsigned           | int                    | SOME
            int unsigned           | bigint                 | ALL
            int                    | int unsigned           | SOME
            bigint unsigned        | bigint                 | SOME
            bigint unsigned        | decimal(20,0)          | ALL
            bigint                 | decimal(18,0)          | SOME
            bigint                 | decimal(19,0)          | ALL
            tinyint                | smallint               | ALL
            tinyint(1)             | int                    | ALL
            int                    | tinyint(1)             | SOME
            decimal(10,2)          | decimal(12,4)          | ALL
            decimal(10,2)          | decimal(10,3)          | SOME
            decimal(10,2)          | decimal(12,1)          | SOME
            decimal(4,0)           | smallint               | ALL
            decimal(5,0)           | smallint               | SOME
            decimal(10,2)          | bigint                 | SOME
            decimal(15,2)          | double                 | ALL
            decimal(16,2)          | double                 | SOME
            int                    | double                 | ALL
            bigint                 | double                 | SOME
            int                    | float                  | SOME
            double                 | float                  | SOME
            float                  | double                 | ALL
            double                 | decimal(65,30)         | SOME
            varchar(50)            | varchar(50)            | ALL
            varchar(51)            | varchar(50)            | SOME
            varchar(50)            | text                   | ALL
            varchar(20000)         | text                   | SOME
            text                   | longtext               | ALL
            longtext               | text                   | SOME
            char(3)                | varchar(3)             | ALL
            varchar(3)             | char(3)                | SOME
            int                    | varchar(11)            | ALL
            int                    | varchar(10)            | SOME
            varchar(11)            | int                    | NONE
            uuid                   | char(36)               | ALL
            uuid                   | char(35)               | SOME
            char(36)               | uuid                   | SOME
            uuid                   | binary(16)             | ALL
            binary(16)             | uuid                   | NONE
            binary(16)             | varbinary(16)          | ALL
            blob                   | varbinary(16)          | SOME
            json                   | longtext               | ALL
            json                   | text                   | SOME
            longtext               | json                   | SOME
            date                   | datetime               | ALL
            datetime               | date                   | NONE
            datetime(6)            | datetime(3)            | SOME
            datetime(3)            | datetime(6)            | ALL
            datetime               | timestamp              | SOME
            timestamp              | datetime               | SOME
            time(6)                | time                   | SOME
            time                   | datetime               | NONE
            date                   | varchar(10)            | NONE
            point                  | point                  | ALL
            point                  | polygon                | SOME
            year                   | smallint               | ALL
            """)
    void valuesFit(String from, String to, Degree degree) {
        Fit fit = Fit.of(TypeName.read(Product.MARIADB, from), TypeName.read(Product.MARIADB, to));
        assertThat(fit.degree()).isEqualTo(degree);
        assertThat(fit.why().isEmpty()).isEqualTo(degree == Degree.ALL);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POSTGRESQL | numeric                     | H2       | numeric(10,2)               | SOME
            POSTGRESQL | numeric                     | H2       | decfloat                    | ALL
            POSTGRESQL | text                        | MARIADB  | longtext                    | ALL
            POSTGRESQL | text                        | MARIADB  | text                        | SOME
            POSTGRESQL | text                        | H2       | character large object      | ALL
            POSTGRESQL | character varying           | H2       | character varying(100)      | SOME
            POSTGRESQL | timestamp without time zone | MARIADB  | datetime                    | SOME
            POSTGRESQL | timestamp without time zone | H2       | timestamp(6)                | ALL
            POSTGRESQL | timestamp with time zone    | H2       | timestamp(6) with time zone | ALL
            POSTGRESQL | timestamp with time zone    | H2       | timestamp(6)                | SOME
            POSTGRESQL | timestamp with time zone    | MARIADB  | timestamp(6)                | SOME
            H2         | timestamp(9)                | POSTGRESQL | timestamp(6) without time zone | SOME
            POSTGRESQL | boolean                     | MARIADB  | tinyint(1)                  | ALL
            POSTGRESQL | bytea                       | MARIADB  | longblob                    | ALL
            POSTGRESQL | jsonb                       | H2       | json                        | ALL
            POSTGRESQL | inet                        | STANDARD | inet                        | ALL
            POSTGRESQL | bit(3)                      | STANDARD | bit(4)                      | SOME
            STANDARD   | timestamp                   | MARIADB  | datetime                    | ALL
            """)
    void valuesFit_acrossProducts(Product giving, String from, Product taking, String to, Degree degree) {
        assertThat(Fit.of(TypeName.read(giving, from), TypeName.read(taking, to))
                        .degree())
                .isEqualTo(degree);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            int           | int unsigned    | bigint
            decimal(10,2) | decimal(10,4)   | decimal(12,4)
            bigint        | decimal(10,2)   | decimal(21,2)
            varchar(10)   | text            | text
            char(3)       | varchar(9)      | varchar(9)
            datetime(3)   | datetime(6)     | datetime(6)
            """)
    void theWiderOfTwo_holdsBoth(String one, String other, String wide) {
        Domain first = TypeName.read(Product.MARIADB, one);
        Domain second = TypeName.read(Product.MARIADB, other);
        for (Domain widened : new Domain[] {Widened.of(first, second), Widened.of(second, first)}) {
            assertThat(widened).isNotNull();
            assertThat(Fit.of(first, widened).degree()).isEqualTo(Degree.ALL);
            assertThat(Fit.of(second, widened).degree()).isEqualTo(Degree.ALL);
            assertThat(Fit.of(widened, TypeName.read(Product.MARIADB, wide)).degree())
                    .isEqualTo(Degree.ALL);
        }
    }
}
