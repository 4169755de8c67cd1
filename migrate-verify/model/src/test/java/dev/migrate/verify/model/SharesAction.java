package dev.migrate.verify.model;

/** What happens while the share of keys on the target grows. */
enum SharesAction implements Action {
    WRITES(
            "write %s, to bucket %s, is acknowledged on %s",
            Code.of("internal.write.KeyedWrites#writeAs", "Position#segmentOf")),
    COPIES("bucket %s is copied", Code.of("internal.write.CopyWorker#copy")),
    LEARNS("node %s learns that the share is %s", Code.of("KnownPosition#refresh")),
    FENCES(
            "a step to share %s begins: its segments are fenced on legacy",
            Code.of("internal.write.Handover#prepare", "Step#firstHandedOver", "Step#endHandedOver")),
    CHANGES_SHARE(
            "nothing is owed: the share is now %s, and its segments can be read on target",
            Code.of("StepRunner#handOver", "Position#stageOf")),
    CLOSES_LEGACY("the segments are shadows on legacy", Code.of("internal.write.RoleKeeper#apply")),
    OPENS_TARGET("the segments take writes on target", Code.of("internal.write.RoleKeeper#apply")),
    NEEDS_NO_HANDOVER("the share is now %s: its segment is on target already", Code.FORBIDDEN);

    private final String text;
    private final Code standsFor;

    SharesAction(String text, Code standsFor) {
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
