package dev.migrate.verify.model;

/** What nodes do that write a key which is owed with the write. */
enum WriteAction implements Action {
    LOCKS_AND_DRAWS(
            "node %s writes %s in a transaction, locks the journal's row, and draws version %s",
            Code.of("internal.write.KeyedWrites#writeAs", "side.SideBooks#admit", "jdbc.PostgresDialect#admit")),
    DRAWS("node %s writes %s in a transaction and draws version %s, without a lock", Code.FORBIDDEN),
    LOCKS("node %s locks the journal's row, with version %s", Code.FORBIDDEN),
    UNDOES("node %s goes back to a savepoint before its write, and commits", Code.OUTSIDE),
    COMMITS("node %s commits %s", Code.of("side.SideBooks#inTransaction", "jdbc.JdbcSideBooks#inTransaction"));

    private final String text;
    private final Code standsFor;

    WriteAction(String text, Code standsFor) {
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
