package dev.migrate.test.schedule;

import java.util.List;

/**
 * A rule of the protocol that stands in the library's own code, left out of it.
 *
 * <p>Rules whose shortest counterexample is too long for a few ten thousand schedules are left to the model of the protocol.
 */
enum Patch {
    COPIES_ONLY_WHEN_WHAT_BEGAN_BEFORE_HAS_ENDED(
            SidesOfTests.PLAIN,
            "internal/write/Handover.java",
            "|| migration.isAcknowledged(generation)) {",
            "|| true) {",
            "if (beginsGeneration && !migration.awaitEarlierUnits(step.budget())) {",
            "if (false) {"),
    COPIES_NOTHING_OF_AN_EPOCH_NOT_LEARNED(
            SidesOfTests.VERSIONED,
            "internal/write/CopyLimit.java",
            "return version.epoch() <= Math.max(isOpen ? learned : NONE, ownStep);",
            "return true;"),
    INTENT_BEFORE_THE_CALL(
            SidesOfTests.VERSIONED,
            "internal/write/KeyedWrites.java",
            "return intents.carryOut(side, begun(side, inBooks), operation);",
            "return operation.on(side, Version.NONE);"),
    ACKNOWLEDGES_ONLY_WHAT_WAS_NOT_SETTLED(
            SidesOfTests.VERSIONED,
            "internal/write/IntentWrites.java",
            "        if (!isAcknowledged) {\n",
            "        if (false) {\n"),
    WRITES_OF_UNKNOWN_OUTCOME_ARE_OWED(
            SidesOfTests.VERSIONED,
            "internal/write/IntentWrites.java",
            "boolean isOpen = !(failure instanceof OvertakenWrite) && calls.isOpenAfter(failure);",
            "boolean isOpen = false;",
            "            if (isOpen || !books(side).intents().acknowledge(intent)) {\n",
            "            if (books(side).intents().acknowledge(intent) && books(side).owed(intent.key()).map(owed -> books(side).settle(intent.key(), owed)).orElse(false)) {\n                return;\n            }\n            if (false) {\n"),
    LAPSES_COUNT_FROM_THE_BEGINNING_OF_A_SCOPE(
            SidesOfTests.VERSIONED,
            "internal/write/KeyedWrites.java",
            "migration.leaseLapsesOfUnit()",
            "migration.leaseLapses()"),
    BACKFILL_DONE_BEFORE_HANDOVER(
            SidesOfTests.TRANSACTIONAL,
            "backfill/Backfill.java",
            "if (!step.handsOver() || step.giver() != Side.LEGACY)",
            "if (step != null)"),
    BACKFILL_ONLY_WHEN_LEGACY_OWES_EVERY_WRITE(
            SidesOfTests.TRANSACTIONAL,
            "internal/write/Cover.java",
            "while (!isOwing(legacy, generation)) {",
            "while (generation < 0) {"),
    REPAIR_ONLY_WHERE_WRITES_ARE_OWED(
            SidesOfTests.TRANSACTIONAL, "reconcile/RowRepair.java", "isCopy && !owesWrites(item)", "false"),
    EQUALITY_PROVED_AFTER_A_STEP_BACK(
            SidesOfTests.TRANSACTIONAL,
            "internal/write/Cover.java",
            "generations.size() > 1 && proved < generations.get(0)",
            "false"),
    FALLBACK_ASKS_FOR_WRITES_OF_OTHER_NODES(
            SidesOfTests.TRANSACTIONAL,
            "dualwrite/ComparedReads.java",
            "writes.mayBeOwed(key) || isOwedByAnyNode(key, failure)",
            "writes.mayBeOwed(key)"),
    TOUCHED_IN_A_TRANSACTION_OF_THE_RIGHT_SIDE(
            SidesOfTests.TRANSACTIONAL,
            "internal/write/KeyedWrites.java",
            "            SideOfWrites authority = sides.of(side);\n            refuseInTransactionOfOther(side);\n",
            "            SideOfWrites authority = sides.of(side);\n"),
    TOUCHED_CHECKS_THE_ROLE_WHERE_NOTHING_IS_COPIED(
            SidesOfTests.TRANSACTIONAL,
            "internal/write/KeyedWrites.java",
            "} else if (authority.commitsWithRecords() && authority.books().isInTransaction()) {",
            "} else if (false) {");

    private final SidesOfTests sides;
    private final String file;
    private final List<String> edits;

    /** @param edits texts of the file, each followed by what stands there instead */
    Patch(SidesOfTests sides, String file, String... edits) {
        this.sides = sides;
        this.file = file;
        this.edits = List.of(edits);
    }

    SidesOfTests sides() {
        return sides;
    }

    String file() {
        return file;
    }

    List<String> edits() {
        return edits;
    }
}
