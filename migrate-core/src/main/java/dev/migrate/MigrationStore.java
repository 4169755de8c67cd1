package dev.migrate;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the positions of migrations, the rules of flags and the progress of rollouts are kept, with their audit trail and the nodes that go
 * by them.
 *
 * <p>One database, usually the application's own, shared by all nodes. Every change is a compare-and-set on a version. Thread-safe.
 * The published {@code MigrationStoreContract} checks an implementation. A store is closed by whoever made it.
 */
public interface MigrationStore {
    /** The current value of a setting; empty where it was never set. */
    Optional<Setting> find(Setting.Kind kind, String name);

    /** All settings of a kind, by name. */
    List<Setting> list(Setting.Kind kind);

    /**
     * Changes a setting and writes the audit entry in one transaction.
     *
     * @param expectedVersion the version on which the change is based; 0 to create the setting
     * @param value at most 60,000 characters
     * @param who at most 200 characters; not blank
     * @param why at most 2,000 characters; not blank
     * @return the setting as it now is, with version {@code expectedVersion + 1}
     * @throws StaleChangeException where the setting has another version by now
     * @throws StepRefusedException where the setting is a position, the value is neither the present one nor the one before it, and a
     *     live node has not acknowledged {@code expectedVersion}: nobody moves two steps ahead of the slowest node
     */
    Setting change(Setting.Kind kind, String name, long expectedVersion, String value, String who, String why);

    /** The newest entries of the audit trail of a setting, newest first; at most {@code limit}. */
    List<AuditEntry> audit(Setting.Kind kind, String name, int limit);

    /**
     * Registers a node of a migration, or renews its lease, and keeps what it says of itself. What it says is committed when this returns, so
     * that every change that is made after it finds the node.
     *
     * @param lease for how long the node is live, counted by the store's clock from no earlier than the call; positive
     */
    void renew(String migration, Node.Report report, Duration lease);

    /** The nodes of a migration by name, live or not, but for those whose lease ran out long ago. */
    List<Node> nodes(String migration);

    /** Forgets a node that has ended in good order; does nothing where it is not known. */
    void leave(String migration, String node);

    /** Whether what is stored outlives this process. */
    boolean isDurable();
}
