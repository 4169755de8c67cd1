package dev.migrate.test.schedule;

import java.util.List;

/** A rule of the protocol that stands in the library's own code, left out of it. */
enum Patch {
    COPIES_ONLY_WHEN_WHAT_BEGAN_BEFORE_HAS_ENDED(
            SidesOfTests.PLAIN,
            "internal/write/Handover.java",
            "if (isWritingBoth && !maysCopy && !migration.awaitEarlierUnits(step.budget()))",
            "if (false)"),
    PINNED_UNITS_OF_WORK_COUNT(
            SidesOfTests.PLAIN,
            "Migration.java",
            "        int ticket = units.enter();\n",
            "        int ticket = units.enter();\n        units.exit(ticket);\n",
            "        units.exit(ended.ticket());\n",
            ""),
    HANDOVER_WAITS_FOR_WRITES_UNDER_WAY(
            SidesOfTests.PLAIN,
            "internal/write/Handover.java",
            "        if (!migration.awaitEarlierUnits(step.budget())) {",
            "        if (false) {"),
    NO_COPY_WHILE_AN_ANNOUNCED_WRITE_RUNS(
            SidesOfTests.PLAIN, "internal/write/CopyWorker.java", "isBeingWritten.test(owed.key())", "false"),
    SHADOW_TOLD_BEFORE_AUTHORITY(
            SidesOfTests.TRANSACTIONAL,
            "internal/write/RoleKeeper.java",
            "List.of(Role.SHADOW, Role.AUTHORITY)",
            "List.of(Role.AUTHORITY, Role.SHADOW)"),
    BACKFILL_DONE_BEFORE_HANDOVER(
            SidesOfTests.TRANSACTIONAL,
            "backfill/Backfill.java",
            "if (!step.handsOver() || step.giver() != Side.LEGACY)",
            "if (step != null)"),
    OWING_REPEATED_AFTER_A_CRASH(
            SidesOfTests.TRANSACTIONAL, "backfill/BackfillRun.java", "                owing.owe(range);\n", ""),
    BACKFILL_ONLY_WHEN_LEGACY_OWES_EVERY_WRITE(
            SidesOfTests.TRANSACTIONAL, "backfill/BackfillRun.java", "        requireJournal(roles);\n", ""),
    BACKFILL_COUNTED_AFTER_ITS_PLAN(
            SidesOfTests.TRANSACTIONAL,
            "backfill/BackfillRun.java",
            "        String last = run.get().last();\n",
            "        String last = run.get().last();\n        Chunks.Progress progress = chunks.progress();\n",
            "        Chunks.Progress progress = chunks.progress();\n        return isPlanned",
            "        return isPlanned"),
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
