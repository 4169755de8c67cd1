package dev.migrate;

import java.util.Optional;

/** What must hold before a step. */
@FunctionalInterface
public interface Gate {
    /** Why the gate is closed, for people; empty where it is open. */
    Optional<String> closedBecause() throws Exception;
}
