package dev.migrate.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code application.properties} says under {@code migrate}; a name that is not known is refused.
 *
 * @param operator who is said to make a change where no bean of type {@link MigrationOperator} knows better; the process's user by default
 * @param refreshEvery how often the store is asked for what other nodes have changed
 * @param store where positions, flags and their audit trail are kept
 * @param threads the threads that all migrations and flags share
 * @param scopes which units of work see stage and share stand still
 * @param migrations the migrations by name, each a bean
 * @param flags the flags by name, each a bean
 */
@ConfigurationProperties(prefix = "migrate", ignoreUnknownFields = false)
record MigrateProperties(
        @Nullable String operator,
        @DefaultValue("1s") Duration refreshEvery,
        @DefaultValue StoreOptions store,
        @DefaultValue ThreadOptions threads,
        @DefaultValue ScopeOptions scopes,
        @DefaultValue Map<String, MigrationOptions> migrations,
        @DefaultValue Map<String, FlagOptions> flags) {
    /**
     * Where positions, flags and their audit trail are kept.
     *
     * @param dataSource the name of the bean; needed where there are several data sources
     * @param schema what to do about missing tables: create or validate
     */
    record StoreOptions(
            @Nullable String dataSource,
            @DefaultValue("create") Schema schema) {}

    /** What to do about the library's tables when they are first used. */
    enum Schema {
        /** Create them where they are missing. */
        CREATE,
        /** Refuse to start where they are missing. */
        VALIDATE
    }

    /**
     * The threads that all migrations and flags share.
     *
     * @param size how many pieces of shadow work run at a time
     * @param queue how many more may wait; what comes then is dropped and counted
     */
    record ThreadOptions(
            @DefaultValue("4") int size,
            @DefaultValue("1000") int queue) {}

    /**
     * Which units of work see stage and share stand still. A step waits for them, and a write inside one that authority moves away from is refused to
     * the caller, where it would else be repeated on the other side.
     *
     * @param transactions each of Spring's transactions
     * @param requests each request to the application, as far as its own thread goes
     */
    record ScopeOptions(
            @DefaultValue("true") boolean transactions,
            @DefaultValue("false") boolean requests) {}

    /**
     * One migration.
     *
     * @param stepBudget how long a step may hold writes before it is abandoned
     */
    record MigrationOptions(@DefaultValue("5s") Duration stepBudget) {
        private static final Duration DEFAULT = Duration.ofSeconds(5);

        /** A migration that is only named, with an empty value. */
        public static MigrationOptions valueOf(String nothing) {
            if (!nothing.isBlank()) {
                throw new IllegalArgumentException(
                        "a migration has options, such as step-budget, and no value of its own");
            }
            return new MigrationOptions(DEFAULT);
        }
    }

    /**
     * One flag, as it begins; what the store has wins.
     *
     * @param percent the share of keys for which it is on, 0 to 100, with at most four decimals
     * @param alwaysOn keys for which it is on whatever the share
     * @param alwaysOff keys for which it is off whatever the share
     */
    record FlagOptions(
            @DefaultValue("0") double percent,
            @DefaultValue List<String> alwaysOn,
            @DefaultValue List<String> alwaysOff) {}
}
