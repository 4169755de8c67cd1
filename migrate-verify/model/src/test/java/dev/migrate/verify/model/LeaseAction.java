package dev.migrate.verify.model;

/** What happens to leases. */
enum LeaseAction implements Action {
    ASKS("node %s asks for its lease to be renewed", Code.of("NodeLease#renew", "Heartbeat#beat")),
    GRANTS(
            "the store renews the lease of node %s; reads are on %s",
            Code.of("MigrationStore#renew", "jdbc.Nodes#renew")),
    HEARS(
            "node %s hears that its lease is renewed, and that reads are on %s",
            Code.of("NodeLease#renew", "KnownPosition#refresh")),
    HEARS_OF_LEASE("node %s hears that its lease is renewed, and will ask for the position next", Code.FORBIDDEN),
    LEARNS_LATER("node %s learns that reads are on %s", Code.FORBIDDEN),
    TICKS("a tick goes by", Code.OUTSIDE),
    TICKS_SLOWLY("a tick goes by, but not on the only clock that %s of the nodes count by", Code.FORBIDDEN),
    TURNS_READS("the position changes: reads go to target", Code.of("StepRunner#handOver")),
    OPENS(
            "no node reads legacy by a lease that still runs: target takes writes",
            Code.of("StepRunner#requireSeen", "StepRunner#unaware"));

    private final String text;
    private final Code standsFor;

    LeaseAction(String text, Code standsFor) {
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
        return this != TURNS_READS && this != OPENS;
    }
}
