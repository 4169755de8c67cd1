package dev.migrate.verify.model;

/** What controllers do that take a step over from each other, and what goes on meanwhile. */
enum ControlAction implements Action {
    WRITES("write %s is acknowledged on %s", Code.of("internal.write.KeyedWrites#writeAs", "side.SideBooks#admit")),
    COPIES("what %s holds is copied to the other side", Code.of("internal.write.CopyWorker#copy")),
    LEARNS("node %s learns that %s answers reads", Code.of("KnownPosition#refresh")),
    BEGINS("node %s begins a step to %s under epoch %s", Code.of("StepRunner#handOver", "KnownPosition#change")),
    TAKES_OVER(
            "node %s takes over at the present position, %s, under epoch %s",
            Code.of("Migration#raiseEpoch", "internal.write.Handover#endStepThatWasCutOff")),
    TURNS_BACK_AT_ONCE(
            "node %s turns reads back to %s at once, and is about to open it, under epoch %s", Code.FORBIDDEN),
    FENCES(
            "node %s has %s fenced under epoch %s",
            Code.of("internal.write.Handover#prepare", "internal.write.RoleKeeper#assign")),
    DRAINS("node %s finds nothing owed by %s", Code.of("internal.write.Handover#drain")),
    CHANGES_POSITION(
            "node %s changes the position: %s answers reads, epoch %s",
            Code.of("StepRunner#handOver", "KnownPosition#change")),
    ABANDONS_CHANGE(
            "node %s, which has changed it and told no side, changes the position back: %s answers reads, epoch %s",
            Code.of("StepRunner#abandon", "KnownPosition#change")),
    WAITS("node %s finds that every node knows that %s answers reads", Code.of("StepRunner#requireSeen")),
    ASSIGNS(
            "node %s makes %s the %s under epoch %s",
            Code.of("internal.write.RoleKeeper#apply", "jdbc.RoleRows#assign")),
    PASSES_OVER("node %s finds that %s is %s already, and leaves its epoch as it is", Code.FORBIDDEN),
    IS_REFUSED(
            "node %s is refused by %s, which has epoch %s or a later one",
            Code.of("internal.write.RoleKeeper#assign", "jdbc.JdbcSideBooks#assign")),
    IS_OVERTAKEN(
            "node %s finds that the epoch has changed, and gives up",
            Code.of("MigrationStore#change", "ChangeRules#stale"));

    private final String text;
    private final Code standsFor;

    ControlAction(String text, Code standsFor) {
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
