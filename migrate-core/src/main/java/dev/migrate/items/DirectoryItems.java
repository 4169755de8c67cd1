package dev.migrate.items;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The regular files under a directory, by their paths below it with {@code /} between the names: {@code 2026/11/invoice.pdf}.
 *
 * <p>A file is written under a hidden name beside its own, forced to the disk, and then takes its name at once. {@link Precondition#absent} is
 * exact against whoever writes there, and needs a file system that has hard links; a version is exact against writers that use this same object,
 * and is looked at right before the write for all others. A directory knows no digests: what is written is read again.
 *
 * <p>No key leads out of the directory: empty names, {@code .}, {@code ..} and absolute paths are refused, and no symbolic link is
 * followed or taken for an item, but for those on the way to the directory itself. Owners, permissions and times are not content. Names are taken as they are: two that differ only in case or
 * in Unicode form are two items where the file system keeps them apart. Keys are listed in their order by code points, and a page reads those
 * directories again that its cursor leads through, so that no more than a page is held. Thread-safe.
 */
public final class DirectoryItems implements Items {
    private static final LinkOption NOT_THROUGH_LINKS = LinkOption.NOFOLLOW_LINKS;
    private static final int LOCKS = 64;
    private static final int BUFFER = 1 << 16;
    private final Path root;
    private final DirectoryPaths paths;
    private final Lock[] locks = new Lock[LOCKS];

    private DirectoryItems(Path root) {
        this.root = root;
        this.paths = new DirectoryPaths(root);
        for (int at = 0; at < LOCKS; at++) {
            locks[at] = new ReentrantLock();
        }
    }

    /**
     * The files under a directory.
     *
     * @param root a directory that is there
     * @throws MigrationException where it is not
     */
    public static DirectoryItems of(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new MigrationException("root of the items must be a directory, but '" + root
                    + "' is none; create it, or look whether it is mounted");
        }
        return new DirectoryItems(root.toRealPath());
    }

    @Override
    public String name() {
        Path last = root.getFileName();
        return last == null ? root.toString() : last.toString();
    }

    @Override
    public Page page(@Nullable String cursor, int limit) throws IOException {
        return new DirectoryListing(root, paths, cursor, limit).page();
    }

    @Override
    public Optional<Item> find(String key) throws IOException {
        Path path = paths.of(key);
        return paths.hasPlainParents(path)
                ? attributes(path).map(attributes -> item(key, attributes))
                : Optional.empty();
    }

    @Override
    public InputStream open(Item item) throws IOException {
        Path path = paths.of(item.key());
        if (!paths.hasPlainParents(path)) {
            throw gone();
        }
        SeekableByteChannel channel;
        try {
            channel = Files.newByteChannel(path, Set.of(StandardOpenOption.READ, NOT_THROUGH_LINKS));
        } catch (NoSuchFileException absent) {
            throw gone();
        }
        try {
            requireUnchanged(path, item);
            return new UnchangingStream(channel, () -> requireUnchanged(path, item));
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static void requireUnchanged(Path path, Item item) throws IOException {
        BasicFileAttributes now = attributes(path).orElseThrow(DirectoryItems::gone);
        if (item.version() != null && !item.version().equals(version(now))) {
            throw new ItemChangedException("a file was written since it was looked at");
        }
    }

    private static ItemChangedException gone() {
        return new ItemChangedException("a file is gone since it was looked at");
    }

    @Override
    public Optional<Item> write(String key, Content content, Precondition condition) throws IOException {
        Path path = paths.of(key);
        paths.makeParents(path);
        if (condition.isAbsent() && attributes(path).isPresent()) {
            return Optional.empty(); // before all of it is written in vain
        }
        Path hidden = path.resolveSibling(DirectoryPaths.hiddenName(UUID.randomUUID()));
        try {
            fill(hidden, content);
            Optional<Item> written = attributes(hidden).map(attributes -> item(key, attributes));
            return place(hidden, path, condition) ? written : Optional.empty();
        } finally {
            Files.deleteIfExists(hidden);
        }
    }

    private static void fill(Path hidden, Content content) throws IOException {
        try (FileChannel file = FileChannel.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                InputStream in = content.open()) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            long size = 0;
            for (int read = in.read(buffer.array()); read >= 0; read = in.read(buffer.array())) {
                size += read;
                requireLength(content, size <= content.size(), size);
                buffer.limit(read).rewind();
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
            }
            requireLength(content, size == content.size(), size);
            file.force(true);
        }
    }

    private static void requireLength(Content content, boolean isSo, long size) throws ItemDamagedException {
        if (!isSo) {
            throw new ItemDamagedException("content of " + content.size() + " bytes gave " + size
                    + (size > content.size() ? " or more" : "") + "; nothing was written");
        }
    }

    private boolean place(Path hidden, Path path, Precondition condition) throws IOException {
        Lock lock = lock(path);
        lock.lock();
        try {
            requireNothingElse(path);
            if (condition.isAbsent()) {
                Files.createLink(path, hidden);
            } else if (condition.holds(found(path))) {
                Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE);
            } else {
                return false;
            }
            paths.force(DirectoryPaths.parentOf(path));
            return true;
        } catch (FileAlreadyExistsException exists) {
            if (condition.isAbsent()) {
                return false;
            }
            throw exists;
        } catch (UnsupportedOperationException | AtomicMoveNotSupportedException unable) {
            throw new MigrationException(
                    "the file system of '" + name()
                            + "' lacks hard links or atomic renames, without which a file cannot"
                            + " appear whole; put the directory on one that has them",
                    unable);
        } finally {
            lock.unlock();
        }
    }

    private static void requireNothingElse(Path path) throws IOException {
        if (DirectoryPaths.attributes(path)
                .filter(there -> !there.isRegularFile())
                .isPresent()) {
            throw new IOException("a directory or a symbolic link stands where the file of the key would have to be");
        }
    }

    /** What there is under a path, whatever its key. */
    private static Optional<Item> found(Path path) throws IOException {
        return attributes(path).map(attributes -> item("-", attributes));
    }

    @Override
    public boolean delete(String key, Precondition condition) throws IOException {
        Path path = paths.of(key);
        Lock lock = lock(path);
        lock.lock();
        try {
            Optional<Item> there = find(key);
            if (there.isEmpty() || !condition.holds(there)) {
                return false;
            }
            boolean isDeleted = Files.deleteIfExists(path);
            paths.force(DirectoryPaths.parentOf(path));
            return isDeleted;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Deletes hidden files that writers which were killed have left behind.
     *
     * @param before only those that were last written before this moment; early enough that no living writer is still at it
     * @return how many
     */
    public int deleteLeftovers(Instant before) throws IOException {
        return paths.deleteHidden(before);
    }

    private Lock lock(Path path) {
        return locks[Math.floorMod(path.hashCode(), LOCKS)];
    }

    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        return DirectoryPaths.attributes(path).filter(BasicFileAttributes::isRegularFile);
    }

    static Item item(String key, BasicFileAttributes attributes) {
        return new Item(key, attributes.size(), null, version(attributes));
    }

    private static String version(BasicFileAttributes attributes) {
        return attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS) + "-" + attributes.size() + "-"
                + attributes.fileKey();
    }

    @Override
    public String toString() {
        return "DirectoryItems[" + name() + "]";
    }
}
