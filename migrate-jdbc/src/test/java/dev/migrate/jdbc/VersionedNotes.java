package dev.migrate.jdbc;

import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A remote service that compares versions; calls of it can be made to take long. */
final class VersionedNotes implements VersionedRecords<Long, VersionedNotes.Note> {
    record Note(Long id, String text) {}

    /** What happens on the way to the service. */
    interface OnTheWay {
        void pass(Note note) throws InterruptedException;
    }

    private final Map<Long, Note> notes = new HashMap<>();
    private final Map<Long, Version> versions = new HashMap<>();
    volatile OnTheWay onTheWay = note -> {};

    @Override
    public synchronized Optional<Note> read(Long key) {
        return Optional.ofNullable(notes.get(key));
    }

    @Override
    public synchronized Note write(Long key, Note value) {
        notes.put(key, value);
        return value;
    }

    @Override
    public synchronized void delete(Long key) {
        notes.remove(key);
    }

    @Override
    public boolean write(Long key, Note value, Version version) throws InterruptedException {
        onTheWay.pass(value);
        synchronized (this) {
            if (!takes(key, version)) {
                return false;
            }
            notes.put(key, value);
            return true;
        }
    }

    @Override
    public synchronized boolean delete(Long key, Version version) {
        if (!takes(key, version)) {
            return false;
        }
        notes.remove(key);
        return true;
    }

    private boolean takes(Long key, Version version) {
        boolean isLater = version.isAfter(versions.getOrDefault(key, Version.NONE));
        if (isLater) {
            versions.put(key, version);
        }
        return isLater;
    }

    synchronized Map<Long, Note> all() {
        return Map.copyOf(notes);
    }
}
