package dev.migrate.verify.cluster;

import java.util.List;

/** What a run came to. */
interface RunReport {
    Ran ran();

    /** Whether every promise was kept. */
    boolean isClean();

    /** The report, a line for each figure. */
    List<String> lines();
}
