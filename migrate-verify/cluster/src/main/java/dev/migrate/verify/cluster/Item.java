package dev.migrate.verify.cluster;

/** A record that moves; its content is written by one write of the whole run. */
record Item(long id, String content) {}
