package dev.migrate;

import java.util.List;
import java.util.Optional;

/**
 * Where the positions of migrations, the rules of flags and the progress of rollouts are kept, with their audit trail.
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
     */
    Setting change(Setting.Kind kind, String name, long expectedVersion, String value, String who, String why);

    /** The newest entries of the audit trail of a setting, newest first; at most {@code limit}. */
    List<AuditEntry> audit(Setting.Kind kind, String name, int limit);

    /** Whether what is stored outlives this process. */
    boolean isDurable();
}
