package dev.migrate.items;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryItemsTest {
    @TempDir
    Path above;

    private Path root;
    private DirectoryItems items;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(above.resolve("root"));
        items = DirectoryItems.of(root);
    }

    private static Content text(String text) {
        return Content.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private void put(String key) throws IOException {
        Path path = root.resolve(key);
        Files.createDirectories(path.getParent());
        Files.writeString(path, key);
    }

    private List<String> keys(int limit) throws IOException {
        List<String> keys = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            ReadableItems.Page page = items.page(cursor, limit);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            page.items().forEach(item -> keys.add(item.key()));
            cursor = page.next();
        } while (cursor != null);
        return keys;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(above)) {
            return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7, 100})
    void keys_areListedInTheirOrder_whateverThePages(int limit) throws IOException {
        List<String> inOrder = List.of(
                "a-b", "a.b", "a/b", "a/b-c/d", "a/b.c", "a/c/d/e/f", "a/c/d/e0", "a0", "b", "c/1", "c/2", "c/3");
        inOrder.stream().sorted((one, two) -> one.hashCode() - two.hashCode()).forEach(key -> {
            try {
                put(key);
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        });
        Files.createDirectories(root.resolve("b0/empty/emptier"));
        Files.createDirectory(root.resolve("a/a"));
        assertThat(keys(limit)).containsExactlyElementsOf(inOrder);
    }

    @Test
    void order_isThatOfCodePoints() {
        assertThat(DirectoryListing.BY_CODE_POINTS.compare("\uFFFD", "\uD83D\uDE00"))
                .as("the order of the bytes in UTF-8")
                .isNegative();
        assertThat(DirectoryListing.BY_CODE_POINTS.compare("\uD83D\uDE00", "\uFFFD"))
                .isPositive();
        assertThat(DirectoryListing.BY_CODE_POINTS.compare("ab", "a")).isPositive();
        assertThat(DirectoryListing.BY_CODE_POINTS.compare("ab", "b")).isNegative();
        assertThat(DirectoryListing.BY_CODE_POINTS.compare("a", "a")).isZero();
    }

    @Test
    void aCursorOfAFileThatIsGone_isStillGood() throws IOException {
        for (String key : List.of("a/1", "a/2", "b/1", "b/2")) {
            put(key);
        }
        String cursor = items.page(null, 2).next();
        Files.delete(root.resolve("a/2"));
        Files.delete(root.resolve("a/1"));
        Files.delete(root.resolve("a"));
        assertThat(items.page(cursor, 10).items()).extracting(Item::key).containsExactly("b/1", "b/2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../outside", "a/../../outside", "/etc/passwd", "a//b", "a/", ".", "..", "a/./b", ""})
    void keysThatLeadOut_areRefused(String key) throws IOException {
        Files.writeString(above.resolve("outside"), "secret");
        for (Callable<?> call : List.<Callable<?>>of(
                () -> items.find(key),
                () -> items.write(key, text("x"), Precondition.none()),
                () -> items.delete(key, Precondition.none()))) {
            assertThatThrownBy(call::call)
                    .isInstanceOf(MigrationException.class)
                    .hasMessageContaining("single slashes between them");
        }
        assertThat(files()).containsExactly(above.resolve("outside"));
    }

    @Test
    void links_areNoItems_andLeadNowhere() throws IOException {
        Path elsewhere = Files.createDirectory(above.resolve("elsewhere"));
        Path secret = Files.writeString(elsewhere.resolve("secret"), "secret");
        Files.createSymbolicLink(root.resolve("file"), secret);
        Files.createSymbolicLink(root.resolve("directory"), elsewhere);
        put("plain");
        assertThat(keys(10)).containsExactly("plain");
        assertThat(items.find("file")).isEmpty();
        assertThat(items.find("directory/secret")).isEmpty();
        assertThatThrownBy(() -> items.open(new Item("file", 6, null, null))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> items.open(new Item("directory/secret", 6, null, null)))
                .isInstanceOf(ItemChangedException.class);
        assertThat(items.delete("directory/secret", Precondition.none())).isFalse();
        assertThatThrownBy(() -> items.write("directory/new", text("x"), Precondition.none()))
                .hasMessageContaining("symbolic link stands where a directory");
        for (Precondition condition : List.of(Precondition.none(), Precondition.absent())) {
            assertThatThrownBy(() -> items.write("file", text("x"), condition))
                    .hasMessageContaining("symbolic link stands where the file");
        }
        assertThat(elsewhere).isDirectoryContaining(path -> path.equals(secret));
        assertThat(files()).containsExactlyInAnyOrder(secret, root.resolve("plain"));
    }

    @Test
    void filesThatAreBeingWritten_areHidden_andLeftoversDeleted() throws IOException {
        put("a/b");
        Path leftover = root.resolve("a").resolve(DirectoryPaths.hiddenName(UUID.randomUUID()));
        Files.writeString(leftover, "half");
        assertThat(keys(10)).containsExactly("a/b");
        String hidden = root.relativize(leftover).toString();
        assertThatThrownBy(() -> items.find(hidden)).hasMessageContaining("that of a file being written");
        assertThat(items.deleteLeftovers(Instant.EPOCH)).isZero();
        assertThat(items.deleteLeftovers(Instant.now().plusSeconds(10))).isEqualTo(1);
        assertThat(files()).containsExactly(root.resolve("a/b"));
    }

    @Test
    void contentThatFails_leavesNothingBehind() throws IOException {
        put("old");
        Content failing = new Content() {
            @Override
            public long size() {
                return 4;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    private int given;

                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        into[from] = (byte) read();
                        return 1;
                    }

                    @Override
                    public int read() throws IOException {
                        if (given++ >= 2) {
                            throw new IOException("cut off");
                        }
                        return 'x';
                    }
                };
            }
        };
        for (String key : List.of("new", "old", "deep/new")) {
            assertThatThrownBy(() -> items.write(key, failing, Precondition.none()))
                    .hasMessage("cut off");
        }
        assertThat(files()).containsExactly(root.resolve("old"));
        assertThat(root.resolve("old")).hasContent("old");
    }

    /** Written on, it would fill the disk. */
    @Test
    void contentThatGivesMoreThanItSays_isNotReadOn() throws Exception {
        AtomicLong given = new AtomicLong();
        Content endless = new Content() {
            @Override
            public long size() {
                return 3;
            }

            @Override
            public InputStream open() {
                return new InputStream() {
                    @Override
                    public int read(byte[] into, int from, int length) throws IOException {
                        if (given.addAndGet(length) > 1 << 20) {
                            throw new IOException("read on");
                        }
                        return length;
                    }

                    @Override
                    public int read() {
                        throw new AssertionError("byte by byte");
                    }
                };
            }
        };
        assertThatThrownBy(() -> items.write("a", endless, Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessageContaining("or more");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5, gave 4;", "3, gave 4 or more;"})
    void contentOfAnotherLength_isNotWritten(int size, String found) throws IOException {
        Content other = new Content() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public InputStream open() throws IOException {
                return text("1234").open();
            }
        };
        assertThatThrownBy(() -> items.write("a", other, Precondition.none()))
                .isInstanceOf(ItemDamagedException.class)
                .hasMessage("content of " + size + " bytes " + found + " nothing was written");
        assertThat(files()).isEmpty();
    }

    @Test
    void ofManyWritersOfAnAbsentItem_oneWins() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 20; round++) {
                String key = "deep/" + round;
                List<Callable<Optional<Item>>> calls = new ArrayList<>();
                for (int writer = 0; writer < 4; writer++) {
                    DirectoryItems own = DirectoryItems.of(root); // no lock is shared
                    Content content = text("of writer " + writer);
                    calls.add(() -> own.write(key, content, Precondition.absent()));
                }
                int won = 0;
                for (Future<Optional<Item>> result : writers.invokeAll(calls)) {
                    won += result.get().isPresent() ? 1 : 0;
                }
                assertThat(won).isEqualTo(1);
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(files()).hasSize(20);
    }

    @Test
    void aFileThatIsThere_isNotWrittenInVainBesideIt() throws IOException {
        put("a");
        Content unread = new Content() {
            @Override
            public long size() {
                return 1;
            }

            @Override
            public InputStream open() throws IOException {
                throw new IOException("opened");
            }
        };
        assertThat(items.write("a", unread, Precondition.absent())).isEmpty();
        assertThatThrownBy(() -> items.write("a", unread, Precondition.none())).hasMessage("opened");
    }

    /** As somebody has it who knows no more than the key and the length. */
    @Test
    void anItemWithoutAVersion_isOpenedAsItIs() throws IOException {
        put("a");
        try (InputStream in = items.open(new Item("a", 1, null, null))) {
            assertThat(in.readAllBytes()).isEqualTo(new byte[] {'a'});
        }
    }

    /** Each call gives its lock back, whatever comes of it. */
    @Test
    void afterAnyCall_anotherThreadMayWriteTheSameKey() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            put("a");
            assertThat(items.write("a", text("b"), new Precondition(false, "another")))
                    .isEmpty();
            assertThat(items.write("a", text("b"), Precondition.none())).isPresent();
            assertThat(other.submit(() -> items.delete("a", new Precondition(false, "another")))
                            .get(1, TimeUnit.MINUTES))
                    .isFalse();
            assertThat(items.delete("a", Precondition.none())).isTrue();
            assertThat(other.submit(() -> items.write("a", text("c"), Precondition.absent()))
                            .get(1, TimeUnit.MINUTES))
                    .isPresent();
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void aFileThatIsWrittenWhileItIsRead_isNotTakenForWhole() throws IOException {
        put("a");
        Item item = items.find("a").orElseThrow();
        try (InputStream in = items.open(item)) {
            assertThat(in.read()).isEqualTo('a');
            Files.writeString(root.resolve("a"), "b");
            Files.setLastModifiedTime(
                    root.resolve("a"), FileTime.from(Instant.now().plusSeconds(5)));
            assertThatThrownBy(in::read).isInstanceOf(ItemChangedException.class);
        }
        assertThatThrownBy(() -> items.open(item)).isInstanceOf(ItemChangedException.class);
    }

    @Test
    void aNameThatJavaCannotSpell_isNotLeftBehindInSilence() throws Exception {
        Process shell = new ProcessBuilder("sh", "-c", "touch \"$(printf 'bad\\377name')\"")
                .directory(root.toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
        assertThatThrownBy(() -> keys(10)).hasMessageContaining("UTF-8 locale");
    }

    @Test
    void aDirectoryThatIsNotThere_isRefused() {
        assertThatThrownBy(() -> DirectoryItems.of(root.resolve("nowhere")))
                .isInstanceOf(MigrationException.class)
                .hasMessageContaining("must be a directory");
    }

    @Test
    void aDirectoryInThePlaceOfAFile_isNamed() throws IOException {
        put("a/b");
        assertThat(items.find("a")).isEmpty();
        assertThatThrownBy(() -> items.write("a", text("x"), Precondition.absent()))
                .hasMessageContaining("a directory or a symbolic link stands where the file");
        assertThatThrownBy(() -> items.write("a/b/c", text("x"), Precondition.absent()))
                .hasMessageContaining("stands where a directory of the key would have to be");
    }
}
