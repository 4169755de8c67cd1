/** Nodes in processes of their own, on a real database, killed and stopped at random moments; begin with {@link dev.migrate.verify.cluster.ClusterRun}. */
@NullMarked
package dev.migrate.verify.cluster;

import org.jspecify.annotations.NullMarked;
