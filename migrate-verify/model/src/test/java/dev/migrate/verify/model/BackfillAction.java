package dev.migrate.verify.model;

/** What the workers of a backfill do. */
enum BackfillAction implements Action {
    CLAIMS_OPEN("backfill %s claims the chunk", Code.of("backfill.BackfillRun#next", "jdbc.JdbcChunks#claim")),
    CLAIMS_COPIED(
            "backfill %s claims the chunk that another has copied",
            Code.of("backfill.BackfillRun#process", "jdbc.JdbcChunks#claim")),
    READS("backfill %s reads %s on legacy", Code.of("jdbc.ChunkCopier#load")),
    WRITES(
            "backfill %s inserts %s into target, not committed yet",
            Code.of("jdbc.ChunkCopier#copyRows", "jdbc.ChunkCopier#insert")),
    LEAVES_OUT("backfill %s leaves the key out", Code.of("jdbc.ChunkCopier#copyRows", "side.SideBooks#heldAmong")),
    COMMITS(
            "backfill %s commits the rows and the chunk",
            Code.of("jdbc.ChunkCopier#complete", "jdbc.JdbcChunks#copied")),
    LOST_TOKEN(
            "backfill %s rolls back: the chunk was taken over",
            Code.of("jdbc.ChunkCopier#complete", "jdbc.JdbcChunks#copied")),
    NOTES("backfill %s notes that the chunk is copied", Code.FORBIDDEN),
    SCANS(
            "backfill %s reads the keys of the chunk from target",
            Code.of("backfill.OwingAgain#owe", "table.TableSide#scanKeys")),
    LOOKS_INTO_JOURNAL(
            "backfill %s looks into legacy's journal and %s",
            Code.of("backfill.OwingAgain#oweAmong", "side.SideBooks#owedAmong")),
    LOOKS_INTO_LEDGER(
            "backfill %s looks into target's ledger and %s",
            Code.of("backfill.OwingAgain#oweAmong", "side.SideBooks#heldAmong")),
    OWES_AGAIN(
            "backfill %s owes the key again, version %s",
            Code.of("backfill.OwingAgain#oweAmong", "side.SideBooks#owe", "jdbc.Admission#oweInTransaction")),
    FINISHES("backfill %s ends the chunk%s", Code.of("jdbc.JdbcChunks#finish")),
    DIES("backfill %s dies", Code.OUTSIDE);

    private final String text;
    private final Code standsFor;

    BackfillAction(String text, Code standsFor) {
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
