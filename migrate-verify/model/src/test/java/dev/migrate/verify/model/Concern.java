package dev.migrate.verify.model;

import static dev.migrate.verify.model.Values.ABSENT;
import static dev.migrate.verify.model.Values.INITIAL;
import static dev.migrate.verify.model.Values.X;
import static dev.migrate.verify.model.Values.Y;
import static dev.migrate.verify.model.Values.Z;

import dev.migrate.verify.model.HandoverModel.Scope;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/** What the protocol is looked at for, one thing at a time; each has one or more models. */
enum Concern {
    /** A key is written by three nodes and copied by two copiers. */
    JOURNAL(rules -> List.of(JournalModel.ofNewKey(rules, X, ABSENT, Y))),

    /** A backfill of two workers copies the chunk of a key that is written meanwhile. */
    BACKFILL(rules -> List.of(
            JournalModel.withBackfill(rules, 2, 2, 3, X, ABSENT),
            JournalModel.withBackfill(rules, 1, 2, 2, X, ABSENT, Y))),

    /** Authority moves to the target and back, under three nodes with views of different age. */
    HANDOVER(rules -> List.of(
            new HandoverModel(rules, new Scope(1, 0, 0, List.of(X, ABSENT))),
            new HandoverModel(rules, new Scope(2, 1, 0, List.of(X, ABSENT))),
            new HandoverModel(rules, new Scope(2, 0, 0, List.of(X, ABSENT, Y))))),

    /** A handover, of a key whose copies fail for good. */
    DEBT(rules -> List.of(new HandoverModel(rules, new Scope(1, 0, 1, List.of(X, Y))))),

    /** A migration steps to DUAL_WRITE. */
    ENTERING(rules -> List.of(
            new EnteringModel(rules, 1, true, X, ABSENT, Y))),

    /** It steps back to LEGACY_ONLY after that, and enters once more. */
    ENTERING_AGAIN(rules -> List.of(new EnteringModel(rules, 3, true, X, INITIAL))),

    /** The same where legacy cannot check a role, and no node is paused past its lease. */
    ENTERING_WITHOUT_ROLES(rules -> List.of(new EnteringModel(rules, 1, false, X, ABSENT, Y))),

    /** Three nodes take a step over from each other. */
    CONTROL(rules -> List.of(new ControlModel(rules, 7, 2, EnumSet.allOf(Promise.class)))),

    /** The same, looked at for nothing but two sides that take writes. */
    AUTHORITY(rules -> List.of(new ControlModel(rules, 7, 2, EnumSet.of(Promise.ONE_AUTHORITY)))),

    /** A share grows by segments. */
    SHARES(rules -> List.of(new SharesModel(rules, 2))),

    /** Sides that share no transaction with a journal. */
    INTENTS(rules -> List.of(new IntentModel(rules, 1, X, Y), new IntentModel(rules, 0, X, Y, Z))),

    /** The authoritative database is restored. */
    RESTORE(rules -> List.of(new RestoreModel(rules, X, ABSENT, Y))),

    /** Nodes count their leases. */
    LEASES(rules -> List.of(new LeaseModel(rules)));

    private final Function<Rules, List<? extends Model<?>>> models;

    Concern(Function<Rules, List<? extends Model<?>>> models) {
        this.models = models;
    }

    /** Its models, under some rules: the smaller first. */
    List<? extends Model<?>> models(Rules rules) {
        return models.apply(rules);
    }
}
