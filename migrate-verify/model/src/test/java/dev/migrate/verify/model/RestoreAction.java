package dev.migrate.verify.model;

/** What happens around a restore of the authoritative database. */
enum RestoreAction implements Action {
    WRITES(
            "a node writes %s on legacy, owed as version %s",
            Code.of("internal.write.KeyedWrites#writeAs", "jdbc.PostgresDialect#admit")),
    SAVES("legacy's database is saved: %s, sequence %s", Code.OUTSIDE),
    RESTORES("legacy's database is restored: %s, sequence %s", Code.OUTSIDE),
    RAISES_EPOCH(
            "a person raises the epoch",
            Code.of("Migration#raiseEpoch", "StepRunner#raiseEpoch", "internal.write.RoleKeeper#apply"));

    private final String text;
    private final Code standsFor;

    RestoreAction(String text, Code standsFor) {
        this.text = text;
        this.standsFor = standsFor;
    }

    @Override
    public String text() {
        return text;
    }

    @Override
    public Code standsFor() {
        return standsFor;
    }
}
