package dev.migrate.examples.files;

import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.LIVE;
import static dev.migrate.Stage.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.dualwrite.DualWriteRouter;
import dev.migrate.items.Content;
import dev.migrate.items.DirectoryItems;
import dev.migrate.items.Item;
import dev.migrate.items.ItemBackfill;
import dev.migrate.items.ItemBackfillReport;
import dev.migrate.items.ItemContent;
import dev.migrate.items.ItemReconciliation;
import dev.migrate.items.ItemReconciliationReport;
import dev.migrate.items.ItemRecords;
import dev.migrate.items.Precondition;
import dev.migrate.jdbc.JdbcMigrationStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** A directory tree moves to an S3-compatible store, over a line that can fail. */
@ExtendWith(S3Server.Shared.class)
class S3MoveTest {
    private static final int LARGE = 20 << 20;

    /** More than the buffers of the sockets between the two ends have room for, and less than half of a large file. */
    private static final long MOST_UNDER_WAY = 9 << 20;

    private static S3Server server;

    @TempDir
    Path root;

    private final DataSource database =
            JdbcConnectionPool.create("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    private TcpRelay line;
    private S3Client client;
    private DirectoryItems files;
    private S3Items bucket;
    private WatchedItems watched;
    private Migration documents;
    private DualWriteRouter<String, ItemContent> router;

    @BeforeAll
    static void start(S3Server shared) {
        server = shared;
    }

    @BeforeEach
    void open() throws Exception {
        line = new TcpRelay(server.port());
        client = S3Server.client(line.port());
        files = DirectoryItems.of(root);
        bucket = S3Items.of(client, S3Server.bucket(client), "documents/");
        watched = new WatchedItems(files);
        startProcess();
    }

    @AfterEach
    void close() throws Exception {
        endProcess();
        client.close();
        line.close();
    }

    private void startProcess() {
        // @start region="router"
        documents = Migration.named("documents")
                .store(new JdbcMigrationStore(database))
                .build();
        router = DualWriteRouter.of(documents)
                .legacy(ItemRecords.of(files))
                .target(ItemRecords.of(bucket)) // an Items of your own; the example's is for S3-compatible stores
                .key(ItemContent::key)
                .comparing(ItemContent::isSame)
                .build();
        // @end region="router"
    }

    private void endProcess() {
        router.close();
        documents.close();
    }

    private void put(String key, int size) throws IOException {
        Path path = root.resolve(key);
        Files.createDirectories(path.getParent());
        byte[] piece = new byte[1 << 14];
        new Random(key.hashCode()).nextBytes(piece);
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int written = 0; written < size; written += piece.length) {
                out.write(piece, 0, Math.min(piece.length, size - written));
            }
        }
    }

    private void putTree(int count) throws IOException {
        for (int at = 0; at < count; at++) {
            put("2026/%02d/invoice %d.pdf".formatted(at % 12, at), 100 + at * 37);
        }
    }

    private static Content text(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private ItemBackfill.Builder backfill() {
        return ItemBackfill.of(documents).legacy(watched).target(bucket);
    }

    private ItemReconciliationReport compared() throws Exception {
        return ItemReconciliation.of(documents)
                .legacy(files)
                .target(bucket)
                .build()
                .run();
    }

    private void settle() {
        await().untilAsserted(() -> assertThat(router.debt().isSettled()).isTrue());
    }

    @Test
    void aTree_isMovedUnderTraffic() throws Exception {
        putTree(16);
        put("video/large.bin", LARGE / 4);
        documents.moveTo(DUAL_WRITE, "the bucket is there");
        ExecutorService traffic = Executors.newSingleThreadExecutor();
        try {
            Future<?> writing = traffic.submit(() -> {
                for (int at = 0; at < 16; at += 3) {
                    String key = "2026/%02d/invoice %d.pdf".formatted(at % 12, at);
                    if (at % 2 == 0) {
                        router.write(ItemContent.of(key, text("written anew, " + at)));
                    } else {
                        router.delete(key);
                    }
                    router.write(ItemContent.of("new/" + at, text("new " + at)));
                }
            });
            // @start region="move"
            ItemBackfill backfill =
                    ItemBackfill.of(documents).legacy(files).target(bucket).build();
            ItemBackfillReport copied = backfill.run(); // run again after a crash: it resumes
            ItemReconciliation reconciliation = ItemReconciliation.of(documents)
                    .legacy(files)
                    .target(bucket)
                    .build();
            ItemReconciliationReport report = reconciliation.run(); // missing, extra, different
            // @end region="move"
            writing.get();
            settle();
            assertThat(copied.itemsParked()).isZero();
            assertThat(copied.bytesCopied()).isGreaterThan(LARGE / 4);
            assertThat(report.itemsCompared()).isGreaterThan(10);
            assertThat(backfill.done().closedBecause()).isEmpty();
        } finally {
            traffic.shutdownNow();
        }
        ItemReconciliationReport end = compared();
        assertThat(end.isClean()).as("%s: %s", end, end.confirmed()).isTrue();
        assertThat(end.itemsCompared()).isEqualTo(17 - 3 + 6);
        documents.moveTo(SHADOW, "all is there");
        documents.moveTo(LIVE, "equal");
        router.write(ItemContent.of("new/last", text("written on the bucket")));
        settle();
        assertThat(root.resolve("new/last")).hasContent("written on the bucket");
        try (InputStream in = router.read("2026/00/invoice 0.pdf").orElseThrow().open()) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("written anew, 0");
        }
        assertThat(router.read("2026/03/invoice 3.pdf")).isEmpty();
    }

    @Test
    void largeFiles_areNeverWholeInMemory() throws Exception {
        put("a/large.bin", LARGE);
        put("b/large.bin", LARGE);
        documents.moveTo(DUAL_WRITE, "test");
        AtomicLong sentBefore = new AtomicLong();
        AtomicLong mostAhead = new AtomicLong();
        watched.onOpen = key -> sentBefore.set(line.sent());
        watched.onRead = read -> mostAhead.accumulateAndGet(read - (line.sent() - sentBefore.get()), Math::max);
        ItemBackfillReport report = backfill().build().run();
        assertThat(report.bytesCopied()).isEqualTo(2L * LARGE);
        assertThat(mostAhead.get()).as("bytes read and not yet sent").isBetween(1L, MOST_UNDER_WAY);
        assertThat(watched.opened).containsExactly("a/large.bin", "b/large.bin");
    }

    @Test
    void aLineThatIsCut_parksNothing_andTheNextProcessGoesOnWhereItStood() throws Exception {
        putTree(12);
        put("2026/05/large.bin", LARGE / 2); // after the invoices of five months
        documents.moveTo(DUAL_WRITE, "test");
        watched.onOpen = key -> {
            if (key.endsWith("large.bin")) {
                line.cutAfter(LARGE / 8);
            }
        };
        assertThatThrownBy(backfill().batchItems(2).attempts(2).build()::run).isInstanceOf(Exception.class);
        assertThat(watched.opened).as("of which the last is the large one").hasSize(6 + 1);
        endProcess();
        line.mend();
        watched.onOpen = key -> {};
        watched.opened.clear();
        startProcess();
        assertThat(bucket.find("2026/05/large.bin")).as("half an object").isEmpty();
        ItemBackfillReport report = backfill().batchItems(2).build().run();
        assertThat(report.itemsRead()).isEqualTo(13);
        assertThat(report.itemsParked()).isZero();
        assertThat(watched.opened).hasSize(7).doesNotContain("2026/00/invoice 0.pdf", "2026/03/invoice 3.pdf");
        assertThat(compared().isClean()).isTrue();
    }

    @Test
    void aByteThatIsAlteredOnTheWay_isCaught_andTheItemCopiedAgain() throws Exception {
        put("a/large.bin", 1 << 20);
        documents.moveTo(DUAL_WRITE, "test");
        watched.onOpen = key -> {
            if (watched.opened.size() == 1) {
                line.flipAfter(100_000);
            }
        };
        ItemBackfillReport report = backfill().build().run();
        assertThat(watched.opened).as("attempts").hasSize(2);
        assertThat(report.itemsCopied()).isEqualTo(1);
        assertThat(compared().isClean()).isTrue();
    }

    @Test
    void anObjectThatIsAlteredInTheStore_isFound() throws Exception {
        putTree(5);
        documents.moveTo(DUAL_WRITE, "test");
        backfill().build().run();
        Item object = bucket.find("2026/02/invoice 2.pdf").orElseThrow();
        byte[] bytes = bucket.open(object).readAllBytes();
        bytes[50] ^= 1;
        assertThat(bucket.write(object.key(), Content.of(bytes), Precondition.unchanged(object)))
                .isPresent();
        assertThat(compared().confirmed()).singleElement().satisfies(difference -> {
            assertThat(difference.key()).isEqualTo("s:2026/02/invoice 2.pdf");
            assertThat(difference.fields()).containsExactly("content");
        });
        router.touched(List.of("2026/02/invoice 2.pdf"));
        settle();
        assertThat(compared().isClean()).isTrue();
    }
}
