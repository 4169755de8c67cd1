package dev.migrate.jdbc;

import dev.migrate.MigrationException;
import dev.migrate.RefusedWriteException;
import dev.migrate.Version;
import dev.migrate.side.SideBooks;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Lets writes in by the role of their segment, which stays locked to the end of the transaction, and owes what they write. */
record Admission(BookStatements statements, Dialect dialect, InstantSource time) {
    Version admit(String key, int segment, boolean owe) {
        StorableText.key(key);
        Optional<Version> admitted = statements.partOfTransaction("admit a write", connection -> {
            if (owe) {
                LocalDateTime now = now();
                return dialect.admit(connection, id(), new SideBooks.Key(key, segment), now, now, false);
            }
            return dialect.admitWithoutJournal(connection, id(), segment)
                    ? Optional.of(Version.NONE)
                    : Optional.empty();
        });
        return admitted.orElseThrow(() -> statements.doomed(refusal(segment, owe)));
    }

    Version admitInOrder(String key, int segment) {
        StorableText.key(key);
        Optional<Version> admitted = statements.partOfTransaction(
                "admit an operation",
                connection -> dialect.admitInOrder(connection, id(), new SideBooks.Key(key, segment), now()));
        return admitted.orElseThrow(() -> statements.doomed(refusal(segment, true)));
    }

    private RefusedWriteException refusal(int segment, boolean owe) {
        return new RefusedWriteException(id() + " refuses to write in segment " + segment
                + ": at this moment the side is not authoritative for it"
                + (owe ? "" : ", or its writes are copied to the other side and this node does not know it yet")
                + "; roll back, refresh the migration, and begin the transaction again on the side that is");
    }

    /**
     * In the thread's transaction, which holds the rows that were written past the router, owing is refused as the write itself
     * would be. Outside of one the rows stand already: they are owed whatever the role, because a debt in a wrong place can be
     * seen, and one that was never noted cannot.
     */
    void owe(Collection<SideBooks.Key> keys, Instant notBefore) {
        keys.forEach(key -> StorableText.key(key.text()));
        // All in one order, so that two who owe the same keys do not wait for each other.
        List<SideBooks.Key> ordered =
                keys.stream().sorted(Comparator.comparing(SideBooks.Key::text)).toList();
        LocalDateTime from = UtcTime.of(notBefore);
        TransactionBinding binding = statements.binding();
        if (binding.isActive()) {
            oweInTransaction(ordered, from, false);
        } else {
            try {
                binding.execute(() -> {
                    oweInTransaction(ordered, from, true);
                    return true;
                });
            } catch (RuntimeException failure) {
                throw failure;
            } catch (SQLException failure) {
                throw statements.failed("owe keys", failure);
            } catch (Exception failure) {
                throw new MigrationException(id() + " could not owe keys: the transaction failed", failure);
            }
        }
    }

    private void oweInTransaction(List<SideBooks.Key> keys, LocalDateTime notBefore, boolean anyRole) {
        Optional<SideBooks.Key> refused = statements.partOfTransaction("owe keys", connection -> {
            LocalDateTime now = now();
            for (SideBooks.Key key : keys) {
                if (dialect.admit(connection, id(), key, now, notBefore, anyRole)
                        .isEmpty()) {
                    return Optional.of(key);
                }
            }
            return Optional.empty();
        });
        refused.ifPresent(key -> {
            throw statements.doomed(refusal(key.segment(), true));
        });
    }

    private BookId id() {
        return statements.id();
    }

    private LocalDateTime now() {
        return UtcTime.of(time.instant());
    }
}
