package dev.migrate.jdbc.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.jdbc.schema.Model.Generation;
import dev.migrate.jdbc.schema.Model.Relation;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaDocumentTest {
    private static final String ONE_COLUMN = "{\"tables\":{\"t\":{\"columns\":{\"c\":%s}}}}";

    @Test
    void tablesAndColumns_areRead() {
        Relation readers = SchemaDocument.read(BuiltSchema.document("library-before.json"))
                .tables()
                .get("readers");
        assertThat(readers.keyColumns()).containsExactly("id");
        assertThat(readers.uniques()).hasSize(3).extracting(Model.Unique::name).contains("idx_readers_mail");
        assertThat(readers.checks()).allMatch(check -> check.understood().isPresent());
        Field id = readers.field("ID").orElseThrow();
        assertThat(id.generation()).isEqualTo(Generation.BY_DEFAULT);
        assertThat(id.isNullable()).isFalse();
        assertThat(readers.field("card").orElseThrow().domain()).isEqualTo(Domain.Text.of(40));
        assertThat(readers.field("joined_at").orElseThrow().initial()).isEqualTo("CURRENT_TIMESTAMP");
        assertThat(readers.field("is_active").orElseThrow().initial()).isEqualTo("true");
    }

    @Test
    void aText_standsForItselfAsADefault() {
        Relation loans = SchemaDocument.read(BuiltSchema.document("library-after.json"))
                .tables()
                .get("loans");
        assertThat(loans.field("kind").orElseThrow().initial()).isEqualTo("'book'");
        assertThat(loans.field("fee").orElseThrow().initial()).isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            []                                          | the document must be a JSON object, but was an array
            {"tabels":{}}                               | must have no member 'tabels'; it may have [database
            {"database":"x"}                            | tables must be a JSON object, but was missing
            {"tables":{"t":{"columns":{},"index":[]}}}  | tables.t of the schema document must have no member 'index'
            {"tables":{"t":{"columns":{"c":{"length":9}}}}} | tables.t.columns.c.type of the schema document must be a text, but was missing
            {"tables":{"t":{"columns":{"c":{"type":"varchar","length":-1}}}}} | c.length of the schema document must be a whole number of 0 or more, but was -1
            {"tables":{"t":{"columns":{"c":{"type":"int","nullable":"no"}}}}} | c.nullable of the schema document must be true or false, but was no
            {"tables":{"t":{"columns":{},"constraints":{"foreign_key":[{"columns":["a"],"references":"users"}]}}}} | foreign_key[0].references of the schema document must be as in users(id), but was users
            {"tables":{"t":{"columns":{},"constraints":{"foreign_key":[{"columns":["a"],"references":"u(a,b)"}]}}}} | must name as many columns as refer to them, but was u(a,b)
            {"tables":{"t":{"columns":{},"constraints":{"check":[1]}}}} | check of the schema document must have texts only
            {"tables":{"t":{"columns":{},"indexes":{}}}} | indexes of the schema document must be a JSON array, but was an object
            """)
    void whatIsOfAnotherShape_isRefusedWithItsPlace(String json, String message) {
        assertThatThrownBy(() -> DatabaseSchema.parse(json))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aComment_isAllowed() {
        assertThat(SchemaDocument.read(ONE_COLUMN.formatted("{\"type\":\"int\",\"comment\":\"why\"}"))
                        .tables()
                        .get("t")
                        .fields())
                .hasSize(1);
    }

    @Test
    void aFile_isRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("schema.json");
        assertThatThrownBy(() -> DatabaseSchema.read(file)).isInstanceOf(UncheckedIOException.class);
        Files.writeString(file, ONE_COLUMN.formatted("{\"type\":\"int\"}"));
        assertThat(DatabaseSchema.read(file).model().tables()).containsKey("t");
    }
}
