package dev.migrate.verify.model;

/** What happens where the authoritative side shares no transaction with a journal. */
enum IntentAction implements Action {
    BEGINS("node %s commits an intent and calls %s with %s, version %s", Code.ahead("intent")),
    BEGINS_UNCHECKED("node %s commits an intent, although the range is fenced, and calls %s with %s, version %s", Code.FORBIDDEN),
    LANDS("the call of node %s arrives at %s", Code.of("VersionedRecords#write")),
    LANDS_REFUSED("the call of node %s arrives at %s, which has a later version", Code.of("VersionedRecords#write")),
    ACKNOWLEDGES("node %s acknowledges %s", Code.ahead("intent")),
    IS_UNKNOWN("the intent of node %s was claimed: the outcome of %s is unknown, and the key is owed", Code.ahead("intent")),
    TAKES("node %s takes version %s and reads %s to copy it", Code.ahead("intent")),
    LEAVES_COPY("the intent of node %s was claimed: it leaves the copy to the worker", Code.ahead("intent")),
    COPIES("the copy of node %s arrives at %s", Code.of("dualwrite.RecordCopying#read", "VersionedRecords#write")),
    CLEARS("node %s clears its intent", Code.ahead("intent")),
    CLAIMS("the worker takes up the intent of node %s, takes version %s and reads %s", Code.ahead("intent")),
    TAKES_DEBT("the worker takes up the debt, takes version %s and reads %s", Code.of("internal.write.CopyWorker#work")),
    SETTLES("the worker's copy arrives at %s, and it clears what it took up", Code.of("internal.write.CopyWorker#copy")),
    WORKER_DIES("the worker dies", Code.OUTSIDE),
    FENCES("the step begins: the range is fenced in the store", Code.ahead("intent")),
    DRAINS("there is no intent, and nothing owed", Code.ahead("intent")),
    TURNS_READS("the position changes: reads go to target", Code.of("StepRunner#handOver")),
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
