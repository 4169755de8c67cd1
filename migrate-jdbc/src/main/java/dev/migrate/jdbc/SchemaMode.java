package dev.migrate.jdbc;

/** What to do about the library's tables when they are first used. */
public enum SchemaMode {
    /** Create them where they are missing; the default. Safe when several nodes start at once. */
    CREATE,
    /** Refuse to work where they are missing: they are created by hand, from {@link JdbcSchema#script}. */
    VALIDATE
}
