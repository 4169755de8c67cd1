package dev.migrate.verify.model;

/** What nodes do while authority moves, and whoever moves it. */
enum HandoverAction implements Action {
    WRITES(
            "node %s writes %s on %s, owed as version %s",
            Code.of("internal.write.KeyedWrites#writeAs", "side.SideBooks#admit", "jdbc.PostgresDialect#admit")),
    WRITES_UNCHECKED("node %s writes %s on %s, owed as version %s, whatever the side's role", Code.FORBIDDEN),
    LEARNS("node %s learns the present position", Code.of("Heartbeat#beat", "NodeLease#sees", "KnownPosition#learn")),
    LEARNS_WHILE_PINNED(
            "node %s learns the present position; a unit of work is pinned to the earlier one",
            Code.of("Scopes#begin", "MigrationScope#view")),
    UNPINS("node %s ends its pinned unit of work", Code.of("MigrationScope#close", "UnitsInFlight#exit")),
    LAPSES("node %s is paused, and its lease runs out", Code.OUTSIDE),
    RENEWS("node %s renews its lease", Code.of("Migration#leasedView", "NodeLease#renew")),
    FENCES_GIVER("the step begins: %s is fenced", Code.of("StepRunner#handOver", "internal.write.Handover#prepare")),
    FENCES_TAKER(
            "nothing is owed: %s is fenced, and can be read",
            Code.of("internal.write.Handover#drain", "internal.write.Handover#prepare")),
    CHANGES_POSITION("the position changes: reads go to %s", Code.of("StepRunner#handOver", "KnownPosition#change")),
    GIVER_TO_SHADOW(
            "%s becomes the shadow", Code.of("internal.write.Handover#complete", "internal.write.RoleKeeper#apply")),
    OPENS("%s takes writes", Code.of("internal.write.Handover#complete", "internal.write.RoleKeeper#apply")),
    ABORT_TAKER(
            "the step is abandoned: %s becomes the shadow",
            Code.of("StepRunner#abandon", "internal.write.Handover#abandon")),
    ABORT_GIVER("%s takes writes again", Code.of("internal.write.Handover#abandon", "internal.write.RoleKeeper#apply")),
    DISMISSES(
            "an operator dismisses the debt of %s",
            Code.of("side.OwedKeys#dismiss", "internal.write.Decisions#dismiss")),
    RETRIES("an operator has the debt of %s tried again", Code.of("side.SideBooks#retry", "jdbc.JdbcSideBooks#retry"));

    private final String text;
    private final Code standsFor;

    HandoverAction(String text, Code standsFor) {
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

    @Override
    public boolean isIdle() {
        return this == LAPSES || this == RENEWS;
    }
}
