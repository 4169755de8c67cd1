package dev.migrate.items;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One page of the files under a directory, in the order of their keys.
 *
 * <p>A directory counts as its name and a slash, so that its files stand where their keys belong among its neighbours. Of each directory no more
 * entries are held than the page still has room for, and one.
 */
final class DirectoryListing {
    /** The order of code points, which is that of the keys' bytes in UTF-8; that of Java's characters is another beyond U+FFFF. */
    static final Comparator<String> BY_CODE_POINTS = DirectoryListing::compare;

    private final Path root;
    private final DirectoryPaths paths;
    private final @Nullable String after;
    private final int limit;
    private final List<Item> items = new ArrayList<>();
    private boolean isMore;

    DirectoryListing(Path root, DirectoryPaths paths, @Nullable String after, int limit) {
        this.root = root;
        this.paths = paths;
        this.after = after;
        this.limit = limit;
    }

    ReadableItems.Page page() throws IOException {
        walk(root, "");
        return new ReadableItems.Page(
                items, isMore ? items.get(items.size() - 1).key() : null);
    }

    private void walk(Path directory, String prefix) throws IOException {
        @Nullable String from = null;
        while (!isMore) {
            int room = limit - items.size() + 1;
            NavigableMap<String, Path> next = next(directory, prefix, from, room);
            for (Map.Entry<String, Path> entry : next.entrySet()) {
                take(entry.getKey(), entry.getValue());
                if (isMore) {
                    return;
                }
            }
            if (next.size() < room) {
                return;
            }
            from = next.lastKey();
        }
    }

    private void take(String key, Path path) throws IOException {
        if (key.endsWith("/")) {
            walk(path, key);
            return;
        }
        Optional<BasicFileAttributes> file = DirectoryPaths.attributes(path).filter(BasicFileAttributes::isRegularFile);
        if (file.isEmpty()) {
            return; // deleted meanwhile
        }
        if (items.size() == limit) {
            isMore = true;
            return;
        }
        items.add(DirectoryItems.item(key, file.get()));
    }

    /** The first entries of a directory that come after one of it and may have keys after the cursor; none where there are no more. */
    private NavigableMap<String, Path> next(Path directory, String prefix, @Nullable String from, int room)
            throws IOException {
        NavigableMap<String, Path> first = new TreeMap<>(BY_CODE_POINTS);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                offer(first, room, prefix + entry.getFileName(), entry, from);
            }
        } catch (DirectoryIteratorException failure) {
            throw failure.getCause();
        } catch (NoSuchFileException deleted) {
            return first;
        }
        return first;
    }

    private void offer(NavigableMap<String, Path> first, int room, String name, Path entry, @Nullable String from)
            throws IOException {
        boolean isBeyond = first.size() == room && compare(name, first.lastKey()) > 0;
        boolean isBefore = isPassed(name + "/", from);
        if (isBeyond || isBefore || DirectoryPaths.isHidden(entry.getFileName().toString())) {
            return; // whether it is a file or a directory
        }
        Optional<BasicFileAttributes> found = DirectoryPaths.attributes(entry);
        boolean isDirectory = found.filter(BasicFileAttributes::isDirectory).isPresent();
        boolean isFile = found.filter(BasicFileAttributes::isRegularFile).isPresent();
        String key = isDirectory ? name + "/" : name;
        if ((!isDirectory && !isFile) || isPassed(key, from)) {
            return;
        }
        requireName(key, entry);
        first.put(key, entry);
        if (first.size() > room) {
            first.pollLastEntry();
        }
    }

    private boolean isPassed(String key, @Nullable String from) {
        boolean leadsToCursor = key.endsWith("/") && after != null && after.startsWith(key);
        return (after != null && !leadsToCursor && compare(key, after) <= 0)
                || (from != null && compare(key, from) <= 0);
    }

    /** A name that Java cannot spell would be listed under a key by which the file is not found again, and so be left behind. */
    private void requireName(String key, Path entry) throws IOException {
        String plain = key.endsWith("/") ? key.substring(0, key.length() - 1) : key;
        if (!paths.of(plain).equals(entry)) {
            throw new IOException(
                    "a name in the directory of '" + root.getFileName()
                            + "' is not in the encoding in which Java reads names here; start Java in a UTF-8 locale, or rename the file");
        }
    }

    private static int compare(String one, String other) {
        int common = Math.min(one.length(), other.length());
        for (int at = 0; at < common; at++) {
            char first = one.charAt(at);
            char second = other.charAt(at);
            if (first != second) {
                boolean isEitherBeyond = Character.isSurrogate(first) != Character.isSurrogate(second);
                return isEitherBeyond ? (Character.isSurrogate(first) ? 1 : -1) : Character.compare(first, second);
            }
        }
        return Integer.compare(one.length(), other.length());
    }
}
