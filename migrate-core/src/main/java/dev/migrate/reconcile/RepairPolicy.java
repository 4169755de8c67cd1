package dev.migrate.reconcile;

/** Which side is right where two rows differ. */
public enum RepairPolicy {
    /** The side that is authoritative for the key, by its own stage. */
    AUTHORITATIVE_WINS,
    /** Legacy, even for keys whose authoritative side is the target: the repair is then an ordinary write to the target. */
    LEGACY_WINS,
    /** The target, even for keys whose authoritative side is legacy: the repair is then an ordinary write to legacy. */
    TARGET_WINS,
    /**
     * The side whose row says that it was changed later; see {@link RepairRules#newest}, which names the columns that say so. A person decides
     * where that is too close to call.
     */
    NEWEST_WINS,
    /** A person decides: see {@link ReviewQueue}. */
    MANUAL
}
