package dev.migrate.examples.files;

import dev.migrate.items.Items;
import dev.migrate.test.ItemsContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.S3Client;

@ExtendWith(S3Server.Shared.class)
class S3ItemsContractTest extends ItemsContract {
    private static S3Client client;

    @BeforeAll
    static void open(S3Server server) throws Exception {
        client = server.client();
    }

    @AfterAll
    static void close() {
        client.close();
    }

    @Override
    protected Items emptyItems() {
        return S3Items.of(client, S3Server.bucket(client), "documents/");
    }
}
