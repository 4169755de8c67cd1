package dev.migrate.examples.samples;

import static dev.migrate.Stage.DUAL_WRITE;
import static dev.migrate.Stage.SHADOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.migrate.Migration;
import dev.migrate.MigrationEvent.Comparison;
import dev.migrate.MigrationEvent.ReadCompared;
import dev.migrate.parallelrun.ParallelRun;
import dev.migrate.store.InMemoryMigrationStore;
import dev.migrate.test.RecordedEvents;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParallelRunSampleTest {
    record Query(String words) {}

    record Page(List<String> hits) {}

    interface Search {
        Page search(Query query);
    }

    @Test
    void callerGetsLegacysAnswer() {
        Search solr = query -> new Page(List.of("a", "b"));
        Search openSearch = query -> new Page(List.of("b", "a"));
        RecordedEvents events = new RecordedEvents();
        Migration searchMove = Migration.named("search")
                .store(new InMemoryMigrationStore())
                .listener(events)
                .build();
        // @start region="parallelrun"
        ParallelRun<Query, Page> search = ParallelRun.of(searchMove)
                .legacy(solr::search)
                .target(openSearch::search)
                .percent(100)
                .timeout(Duration.ofMillis(300))
                .build();
        // @end region="parallelrun"
        try (searchMove) {
            searchMove.moveTo(DUAL_WRITE, "wired");
            searchMove.moveTo(SHADOW, "compare");
            Query query = new Query("red shoes");
            // @start region="call"
            Page page = search.call(query); // legacy's answer, at legacy's speed
            // @end region="call"
            assertThat(page.hits()).containsExactly("a", "b");
            await().until(() ->
                    events.of(ReadCompared.class).stream().anyMatch(event -> event.result() == Comparison.DIFFERENT));
        }
    }
}
