package dev.migrate.verify.model;

import java.util.List;
import java.util.stream.Stream;

/** All kinds of steps of all models. */
final class Actions {
    private static final List<Class<? extends Action>> KINDS = List.of(
            WriteAction.class,
            CopyAction.class,
            BackfillAction.class,
            HandoverAction.class,
            EnteringAction.class,
            ControlAction.class,
            SharesAction.class,
            IntentAction.class,
            RestoreAction.class,
            LeaseAction.class);

    private Actions() {}

    static Stream<Action> all() {
        return KINDS.stream().flatMap(kind -> Stream.of(kind.getEnumConstants()));
    }
}
