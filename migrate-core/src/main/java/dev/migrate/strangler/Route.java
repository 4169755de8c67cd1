package dev.migrate.strangler;

import dev.migrate.Dial;
import dev.migrate.KeySwitch;
import dev.migrate.Migration;
import dev.migrate.Position;
import dev.migrate.Side;
import dev.migrate.Stage;
import dev.migrate.Traffic;
import dev.migrate.strangler.RouteDecision.Reason;
import java.util.function.Supplier;

/** Where requests of one pattern go. */
sealed interface Route {
    /** Decides; asks for the key only where it matters. */
    RouteDecision decide(String route, Supplier<Object> key);

    /** What a guard of whoever decides watches. */
    Traffic traffic(Migration router);

    /** Whether it may ask for the key. */
    boolean isKeyed();

    record Fixed(Side side, Reason reason) implements Route {
        @Override
        public RouteDecision decide(String route, Supplier<Object> key) {
            return new RouteDecision(side, route, reason, null, null, null);
        }

        @Override
        public Traffic traffic(Migration router) {
            return router.traffic();
        }

        @Override
        public boolean isKeyed() {
            return false;
        }
    }

    record BySwitch(KeySwitch keySwitch) implements Route {
        @Override
        public RouteDecision decide(String route, Supplier<Object> key) {
            Side side = keySwitch.isOn(key.get().toString()) ? Side.TARGET : Side.LEGACY;
            return new RouteDecision(side, route, Reason.SWITCH, keySwitch.name(), null, null);
        }

        @Override
        public Traffic traffic(Migration router) {
            return keySwitch instanceof Dial<?> dial ? dial.traffic() : router.traffic();
        }

        @Override
        public boolean isKeyed() {
            return true;
        }
    }

    record ByStage(Migration migration) implements Route {
        @Override
        public RouteDecision decide(String route, Supplier<Object> key) {
            Position position = migration.view().position();
            if (position.isWhole()) {
                Stage stage = position.stage();
                return new RouteDecision(stage.authoritative(), route, Reason.STAGE, migration.name(), stage, null);
            }
            int bucket = migration.bucketOf(key.get());
            Stage stage = position.stageOf(bucket);
            return new RouteDecision(stage.authoritative(), route, Reason.STAGE, migration.name(), stage, bucket);
        }

        @Override
        public Traffic traffic(Migration router) {
            return migration.traffic();
        }

        @Override
        public boolean isKeyed() {
            return true;
        }
    }
}
