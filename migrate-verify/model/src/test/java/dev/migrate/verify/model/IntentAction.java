package dev.migrate.verify.model;

/** What happens where the sides share no transaction with their books. */
enum IntentAction implements Action {
    BEGINS(
            "node %s notes an intent and calls %s with %s, version %s",
            Code.of("internal.write.IntentWrites#begin", "side.Intents#begin")),
    BEGINS_UNCHECKED(
            "node %s notes an intent, although the range is fenced, and calls %s with %s, version %s", Code.FORBIDDEN),
    LANDS(
            "the call of node %s takes effect on %s",
            Code.of("internal.write.IntentWrites#carryOut", "VersionedRecords#write")),
    IS_OVERTAKEN(
            "the call of node %s is refused by %s, which has a later version; it will begin anew",
            Code.of("internal.write.IntentWrites#failed", "internal.write.KeyedWrites#refuseIfOvertakenTooOften")),
    ACKNOWLEDGES(
            "node %s removes its intent, owes the key, and acknowledges %s",
            Code.of("internal.write.IntentWrites#acknowledge", "side.Intents#acknowledge")),
    ACKNOWLEDGES_SETTLED("node %s finds its intent settled, and acknowledges %s nevertheless", Code.FORBIDDEN),
    ACKNOWLEDGES_FIRST("node %s removes its intent and acknowledges %s; it has not owed the key yet", Code.FORBIDDEN),
    OWES_LATER("node %s owes the key", Code.FORBIDDEN),
    IS_UNKNOWN(
            "node %s finds its intent settled: the outcome of %s is unknown, and the key is owed",
            Code.of("internal.write.IntentWrites#acknowledge", "internal.write.IntentWrites#oweAgain")),
    DIES("node %s dies", Code.OUTSIDE),
    SETTLES(
            "the intent of node %s is overdue: it is removed, and the key is owed by %s",
            Code.of("internal.write.CopyWorker#settleOverdue", "side.Intents#settleOverdue")),
    READS_FIRST(
            "the intent of node %s is overdue: a worker reads %s, and will remove the intent afterwards",
            Code.FORBIDDEN),
    TAKES_VERSION("courier %s takes version %s from the books of %s", Code.of("internal.write.KeyCopy#take")),
    TAKES_VALUE("courier %s reads %s on %s", Code.of("internal.write.KeyCopy#read", "dualwrite.RecordCopying#read")),
    SENDS(
            "courier %s is let pass by the books of %s, and sends its copy",
            Code.of("internal.write.KeyCopy#accept", "internal.write.KeyCopy#write")),
    IS_REFUSED(
            "courier %s is refused by the books of %s, which is no shadow", Code.of("internal.write.KeyCopy#accept")),
    MOVES_DEBT(
            "courier %s moves the debt to the books of %s, which is the authority now",
            Code.of("internal.write.MisplacedDebts#move")),
    ARRIVES("the copy of courier %s arrives at %s, where it is %s", Code.of("VersionedRecords#write")),
    CLEARS(
            "courier %s strikes version %s out, if it still stands there",
            Code.of("internal.write.KeyCopy#arrived", "side.SideBooks#settle")),
    FENCES_GIVER("the step begins: legacy is fenced", Code.of("internal.write.Handover#prepare")),
    FENCES_TAKER("there is no intent, and nothing owed: target is fenced", Code.of("internal.write.Handover#drain")),
    CHANGES_POSITION("the position changes: reads go to target", Code.of("StepRunner#handOver")),
    GIVER_TO_SHADOW("legacy becomes the shadow", Code.of("internal.write.Handover#complete")),
    OPENS("target takes writes", Code.of("internal.write.Handover#complete"));

    private final String text;
    private final Code standsFor;

    IntentAction(String text, Code standsFor) {
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
