package dev.migrate.items;

import java.util.Objects;
import java.util.Optional;

/**
 * One item, streamed from one collection to another, with its digest checked end to end.
 *
 * <p>The digest is computed of the bytes that the source gives, and held against what the source says of them before the last of them is given on;
 * and against what the target says that it has stored, or, where it says nothing, against what it gives back. What the target has stored
 * otherwise is removed again. What was written anew before it could be read back is the later writer's to verify.
 */
final class ItemCopy {
    private final ReadableItems source;
    private final Items target;
    private final boolean readsBack;

    /**
     * Copies from one collection to another.
     *
     * @param readsBack whether what was written is read again even where the target says its digest
     */
    ItemCopy(ReadableItems source, Items target, boolean readsBack) {
        this.source = source;
        this.target = target;
        this.readsBack = readsBack;
    }

    /** Copies an item; empty where the condition did not hold. Throws, with nothing left behind, where the copy is not exact. */
    Optional<Item> copy(Item item, Precondition condition) throws Exception {
        MeasuredContent content = new MeasuredContent(source, item);
        Optional<Item> written = target.write(item.key(), content, condition);
        if (written.isPresent()) {
            verify(content, written.get());
        }
        return written;
    }

    private void verify(MeasuredContent content, Item written) throws Exception {
        try {
            String sent = content.sha256();
            if (sent == null) {
                throw new ItemDamagedException("collection '" + target.name()
                        + "' took an item for written whose content it has not read to its end");
            }
            if (written.size() != content.size()) {
                throw new ItemDamagedException("collection '" + target.name() + "' has stored " + written.size()
                        + " bytes of an item that has " + content.size());
            }
            String stored =
                    readsBack || written.sha256() == null ? Digests.byReading(target, written) : written.sha256();
            if (!Objects.equals(sent, stored)) {
                throw new ItemDamagedException("collection '" + target.name() + "' has stored an item of "
                        + written.size() + " bytes with another content than it was given");
            }
        } catch (ItemChangedException overtaken) {
            // somebody has written the key since: there is nothing left to be verified, or removed
        } catch (ItemDamagedException damaged) {
            remove(written, damaged);
            throw damaged;
        }
    }

    private void remove(Item written, Exception why) {
        try {
            target.delete(written.key(), Precondition.unchanged(written));
        } catch (Exception failure) {
            if (failure instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            why.addSuppressed(failure);
        }
    }
}
