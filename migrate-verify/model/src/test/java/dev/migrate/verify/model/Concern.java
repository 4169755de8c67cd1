package dev.migrate.verify.model;

import static dev.migrate.verify.model.Values.ABSENT;
import static dev.migrate.verify.model.Values.INITIAL;
import static dev.migrate.verify.model.Values.X;
import static dev.migrate.verify.model.Values.Y;
import static dev.migrate.verify.model.Values.Z;

import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/** What the protocol is looked at for, one thing at a time; each has one or more models. */
enum Concern {
    JOURNAL(
            "A new key is written by three nodes, in transactions, and copied by two copiers.",
            rules -> List.of(JournalModel.ofNewKey(rules, X, ABSENT, Y))),
    BACKFILL(
            "A key that legacy had before is written by three nodes, while the workers of a backfill copy its chunk, die, and take over.",
            rules -> List.of(
                    JournalModel.withBackfill(rules, 2, 2, 3, X, ABSENT),
                    JournalModel.withBackfill(rules, 1, 2, 2, X, ABSENT, Y))),
    HANDOVER(
            "Authority moves to the target and back, under three nodes with views of different age, and is abandoned in between.",
            rules -> List.of(
                    new HandoverModel(rules, new HandoverModel.Scope(1, 0, 0, List.of(X, ABSENT))),
                    new HandoverModel(rules, new HandoverModel.Scope(2, 1, 0, List.of(X, ABSENT))),
                    new HandoverModel(rules, new HandoverModel.Scope(1, 0, 0, List.of(X, ABSENT, Y))))),
    DEBT(
            "Authority moves, while a copy fails for good and is parked, dismissed or tried again.",
            rules -> List.of(new HandoverModel(rules, new HandoverModel.Scope(1, 0, 1, List.of(X, Y))))),
    ENTERING(
            "A migration steps to DUAL_WRITE, while three nodes write, some of them paused past their leases.",
            rules -> List.of(new EnteringModel(rules, 1, true, X, ABSENT, Y))),
    ENTERING_AGAIN(
            "It steps back to LEGACY_ONLY after that, and to DUAL_WRITE once more, where a reconciliation proves both sides equal.",
            rules -> List.of(new EnteringModel(rules, 3, true, X, INITIAL))),
    ENTERING_WITHOUT_ROLES(
            "The same two, where legacy cannot check its role, and no node is paused past its lease.",
            rules -> List.of(
                    new EnteringModel(rules, 1, false, X, ABSENT, Y), new EnteringModel(rules, 3, false, X, INITIAL))),
    CONTROL(
            "Three nodes begin handovers, are paused in the middle, take each other's over, abandon them, and go on late.",
            rules -> List.of(new ControlModel(rules, 7, 2, EnumSet.allOf(Promise.class)))),
    AUTHORITY(
            "The same, looked at for nothing but two sides that take writes.",
            rules -> List.of(new ControlModel(rules, 5, 2, EnumSet.of(Promise.ONE_AUTHORITY)))),
    SHARES(
            "A share of four buckets in two segments grows, under three nodes that read them.",
            rules -> List.of(new SharesModel(rules, 2))),
    INTENTS(
            "Three nodes call sides that share no transaction with their books, while authority moves; no lease and no clock is relied on.",
            rules -> List.of(
                    new IntentModel(rules, new IntentModel.Scope(1, 1), X, Y),
                    new IntentModel(rules, new IntentModel.Scope(2, 0), X, Y),
                    new IntentModel(rules, new IntentModel.Scope(1, 0), X, Y, Z))),
    RESTORE(
            "The authoritative database is restored to what it was, while what was copied from it stays.",
            rules -> List.of(new RestoreModel(rules, X, ABSENT, Y))),
    LEASES(
            "Three nodes count their leases by two clocks, one of which may stand still, and read by them while reads turn to the target.",
            rules -> List.of(new LeaseModel(rules)));

    private final String sentence;
    private final Function<Rules, List<? extends Model<?>>> models;

    Concern(String sentence, Function<Rules, List<? extends Model<?>>> models) {
        this.sentence = sentence;
        this.models = models;
    }

    String sentence() {
        return sentence;
    }

    /** Its models, under some rules: the smaller first. */
    List<? extends Model<?>> models(Rules rules) {
        return models.apply(rules);
    }
}
