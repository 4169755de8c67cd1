package dev.migrate.examples.files;

import dev.migrate.items.Items;
import dev.migrate.test.ItemsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

class S3ItemsContractTest extends ItemsContract {
    @TempDir
    static Path directory;

    private static S3Server server;
    private static S3Client client;

    @BeforeAll
    static void start() throws Exception {
        server = S3Server.start(directory);
        client = server.client();
    }

    @AfterAll
    static void stop() throws Exception {
        client.close();
        server.close();
    }

    @Override
    protected Items emptyItems() {
        return S3Items.of(client, S3Server.bucket(client), "documents/");
    }
}
