package dev.migrate.verify.model;

/** What copiers do. */
enum CopyAction implements Action {
    TAKES_VERSION(
            "copier %s takes version %s from the journal of %s",
            Code.of("internal.write.KeyCopy#take", "jdbc.Journal#owed")),
    TAKES_VALUE("copier %s reads %s on %s", Code.of("internal.write.KeyCopy#read", "internal.write.Copying#read")),
    IS_REFUSED(
            "copier %s is refused: %s is no shadow",
            Code.of("internal.write.KeyCopy#accept", "jdbc.PostgresDialect#accept")),
    IS_OVERTAKEN(
            "copier %s finds version %s or a later one in the ledger of %s",
            Code.of("internal.write.KeyCopy#accept", "jdbc.PostgresDialect#accept")),
    WRITES(
            "copier %s writes %s to %s, not committed yet",
            Code.of("internal.write.KeyCopy#accept", "internal.write.KeyCopy#write", "jdbc.PostgresDialect#accept")),
    COMMITS(
            "copier %s commits %s on %s",
            Code.of("internal.write.CopyWorker#write", "jdbc.JdbcSideBooks#inTransaction")),
    ROLLS_BACK("copier %s rolls back: a later version was there first", Code.FORBIDDEN),
    SETTLES(
            "copier %s strikes version %s out of the journal of %s, if it still stands there",
            Code.of("internal.write.KeyCopy#arrived", "jdbc.Journal#settle")),
    PARKS(
            "the shadow refuses the row of copier %s; the debt is parked",
            Code.of("internal.write.FailedCopies#failed", "jdbc.Journal#postpone")),
    FAILS("the shadow refuses the row of copier %s, which settles the debt nevertheless", Code.FORBIDDEN),
    DIES("copier %s dies", Code.OUTSIDE);

    private final String text;
    private final Code standsFor;

    CopyAction(String text, Code standsFor) {
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
