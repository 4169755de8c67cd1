package dev.migrate.items;

import dev.migrate.MigrationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The paths of keys below a directory, of which none leads out of it. */
final class DirectoryPaths {
    private static final String HIDDEN = ".migrate-";
    private static final Pattern HIDDEN_NAME = Pattern.compile("\\.migrate-[0-9a-f-]{36}\\.part");
    private final Path root;
    private final String separator;
    private final boolean forcesDirectories;

    DirectoryPaths(Path root) {
        this.root = root;
        this.separator = root.getFileSystem().getSeparator();
        this.forcesDirectories =
                root.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** The name of a file that is being written. */
    static String hiddenName(UUID id) {
        return HIDDEN + id + ".part";
    }

    /** Whether a name is that of a file that is being written. */
    static boolean isHidden(String name) {
        return HIDDEN_NAME.matcher(name).matches();
    }

    /** The path of a key. */
    Path of(String key) {
        for (String name : key.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.contains(separator)) {
                throw refused(
                        "must be names with single slashes between them, none of them empty, '.' or '..', or with the"
                                + " file system's own separator in it");
            }
            if (isHidden(name)) {
                throw refused(
                        "must not have a name such as '" + HIDDEN + "….part', which is that of a file being written");
            }
        }
        Path path;
        try { // a slash at its beginning is an empty name, and so refused above
            path = root.resolve(key).normalize();
        } catch (InvalidPathException impossible) {
            throw refused("cannot be a file's name here (" + impossible.getReason()
                    + "); where it has letters beyond ASCII, start Java in a UTF-8 locale");
        }
        if (!path.startsWith(root) || path.equals(root)) {
            throw refused(
                    "must not lead out of the directory"); // names that only this file system takes for something else
        }
        return path;
    }

    private static MigrationException refused(String rule) {
        return new MigrationException("key of an item in a directory " + rule + "; give the item another key");
    }

    /** The directory of a path below the root, which has one. */
    static Path parentOf(Path path) {
        return Objects.requireNonNull(path.getParent(), "a path below the root has a parent");
    }

    /** Whether all directories between the root and a path are directories, and not links to some. */
    boolean hasPlainParents(Path path) throws IOException {
        for (Path parent = parentOf(path); !parent.equals(root); parent = parentOf(parent)) {
            if (attributes(parent).filter(BasicFileAttributes::isDirectory).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** Makes the directories between the root and a path. */
    void makeParents(Path path) throws IOException {
        Path parent = root;
        for (Path name : root.relativize(parentOf(path))) {
            Path above = parent;
            parent = parent.resolve(name);
            if (attributes(parent).isEmpty()) {
                try {
                    Files.createDirectory(parent);
                    force(above);
                } catch (FileAlreadyExistsException other) {
                    // made by somebody else meanwhile
                }
            }
            if (attributes(parent).filter(BasicFileAttributes::isDirectory).isEmpty()) {
                throw new IOException("a file or a symbolic link stands where a directory of the key would have to be");
            }
        }
    }

    /** Makes what was done in a directory outlive a crash, where directories can be forced to the disk. */
    void force(Path directory) throws IOException {
        if (forcesDirectories) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** What there is, a link being no more than a link; empty where there is nothing. */
    static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    int deleteHidden(Instant before) throws IOException {
        return deleteHidden(root, before);
    }

    private static int deleteHidden(Path directory, Instant before) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                Optional<BasicFileAttributes> found = attributes(entry);
                if (found.filter(BasicFileAttributes::isDirectory).isPresent()) {
                    deleted += deleteHidden(entry, before);
                } else if (isHidden(entry.getFileName().toString())
                        && found.filter(file -> file.isRegularFile()
                                        && file.lastModifiedTime().toInstant().isBefore(before))
                                .isPresent()) {
                    deleted += Files.deleteIfExists(entry) ? 1 : 0;
                }
            }
        }
        return deleted;
    }
}
