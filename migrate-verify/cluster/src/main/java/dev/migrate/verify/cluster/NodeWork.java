package dev.migrate.verify.cluster;

import dev.migrate.side.Debt;

/** What a node has of its workload: routers over both sides, and clients. Used by one thread at a time; the clients have threads of their own. */
interface NodeWork extends AutoCloseable {
    /** Brings into the databases what the ladder needs; by one node, once, while the clients write. */
    void prepare();

    /** Starts the clients. */
    void start();

    /** Stops them, and waits until they have ended. */
    void rest() throws InterruptedException;

    /** Copies what was there before; returns what is to be said of it. */
    String backfill() throws Exception;

    /** Works off what is due of the journals, once. */
    void repair();

    /** What both sides owe of all records. */
    Debt debt();

    /** Stops the routers; the sides and the migration belong to the node. */
    @Override
    void close();
}
