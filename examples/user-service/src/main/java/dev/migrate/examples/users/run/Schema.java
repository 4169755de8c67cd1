package dev.migrate.examples.users.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Objects;
import javax.sql.DataSource;

/** The two schemas, as {@code schema/*.sql} has them. */
public enum Schema {
    LEGACY,
    TARGET;

    /** Creates tables, triggers, views and procedures in an empty database. */
    public void create(DataSource database) throws SQLException, IOException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(ddl());
        }
    }

    private String ddl() throws IOException {
        String resource = "/schema/" + name().toLowerCase(Locale.ROOT) + ".sql";
        try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
