package dev.migrate.verify.model;

/** What happens while a migration begins to write both sides. */
enum EnteringAction implements Action {
    BEGINS(
            "node %s begins to write %s, pinned to %s",
            Code.of("Migration#enter", "Scopes#begin", "internal.write.KeyedWrites#write")),
    COMMITS_OWED(
            "node %s commits %s, owed as version %s",
            Code.of("internal.write.KeyedWrites#writeAs", "jdbc.PostgresDialect#admit")),
    COMMITS_UNOWED(
            "node %s commits %s and owes nothing",
            Code.of("internal.write.KeyedWrites#writeAs", "jdbc.PostgresDialect#admitWithoutJournal")),
    IS_REFUSED(
            "node %s is refused by legacy, whose writes are owed, and learns the present position",
            Code.of("jdbc.PostgresDialect#admitWithoutJournal", "internal.write.KeyedWrites#awaitChange")),
    LEARNS("node %s learns of %s", Code.of("KnownPosition#refresh", "KnownPosition#learn")),
    LAPSES("node %s is paused, and its lease runs out", Code.OUTSIDE),
    STEPS("the migration steps to %s", Code.of("StepRunner#step", "KnownPosition#change")),
    TELLS_LEGACY(
            "legacy is told that its writes are %s",
            Code.of("internal.write.Handover#complete", "internal.write.RoleKeeper#apply")),
    LOOKS_FOR_DEBT(
            "the reconciliation finds that nothing is owed from before",
            Code.of("internal.write.Cover#beginProof", "internal.write.Cover#owesFromBefore")),
    READS_LEGACY("the reconciliation reads %s on legacy", Code.of("reconcile.FullPass#comparePage")),
    READS_TARGET("the reconciliation reads %s on target", Code.of("reconcile.FullPass#comparePage")),
    PROVES(
            "the reconciliation finds no difference, or one that is on its way",
            Code.of(
                    "reconcile.Reconciliation#run",
                    "reconcile.ReconciliationReport#isClean",
                    "internal.write.Cover#proved")),
    LOOKS_AGAIN("the reconciliation finds a difference, and looks again", Code.of("reconcile.SecondLook#look")),
    REPAIRS(
            "the reconciliation finds a difference; its repair owes the key, version %s",
            Code.of("reconcile.RowRepair#copyToShadow", "side.SideBooks#owe"));

    private final String text;
    private final Code standsFor;

    EnteringAction(String text, Code standsFor) {
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
