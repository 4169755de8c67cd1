package dev.migrate.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.table.TableKey;
import dev.migrate.table.TableSide;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeySampleTest {
    private static List<TableKey> keys(long rows) {
        return LongStream.rangeClosed(1, rows)
                .mapToObj(id -> new TableKey(List.of(id), "l:" + id))
                .toList();
    }

    /** A table of which nothing but the keys is asked. */
    private static TableSide table(List<TableKey> keys) {
        return (TableSide) Proxy.newProxyInstance(
                TableSide.class.getClassLoader(), new Class<?>[] {TableSide.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("scanKeys");
                    @SuppressWarnings("unchecked")
                    TableSide.Sink<TableKey> sink = (TableSide.Sink<TableKey>) arguments[1];
                    for (TableKey key : keys) {
                        sink.accept(key);
                    }
                    return null;
                });
    }

    @Test
    void sample_holdsNoKeyTwice_andKnowsHowManyThereAre() throws Exception {
        List<TableKey> all = keys(5_000);
        KeySample sample = KeySample.draw(table(all), 7, 800);
        assertThat(sample.population()).isEqualTo(5_000);
        assertThat(sample.keys()).hasSize(800).doesNotHaveDuplicates().isSubsetOf(all);
        assertThat(KeySample.draw(table(all), 7, 6_000).keys()).hasSize(5_000).doesNotHaveDuplicates();
        assertThat(KeySample.draw(table(List.of()), 7, 6_000).keys()).isEmpty();
    }

    @Test
    void smallerSample_isTheBeginningOfALargerOne() throws Exception {
        TableSide table = table(keys(5_000));
        assertThat(KeySample.draw(table, 7, 100).keys())
                .isEqualTo(KeySample.draw(table, 7, 800).keys().subList(0, 100));
    }

    @Test
    void sample_dependsOnSeedAndKeys_notOnTheirOrder() throws Exception {
        List<TableKey> all = keys(5_000);
        List<TableKey> reversed = new ArrayList<>(all);
        Collections.reverse(reversed);
        List<TableKey> sample = KeySample.draw(table(all), 7, 800).keys();
        assertThat(KeySample.draw(table(reversed), 7, 800).keys()).isEqualTo(sample);
        assertThat(KeySample.draw(table(all), 8, 800).keys()).isNotEqualTo(sample);
    }

    /** Over many seeds each key, and each two neighbours together, come as often as any other, within six standard deviations. */
    @Test
    void everyKeyAndPair_isAsLikelyAsAnyOther() throws Exception {
        int rows = 20;
        int seeds = 8_000;
        TableSide table = table(keys(rows));
        int[] alone = new int[rows + 1];
        int[] withNext = new int[rows];
        for (int seed = 0; seed < seeds; seed++) {
            List<TableKey> sample = KeySample.draw(table, seed, 5).keys();
            boolean[] isIn = new boolean[rows + 2];
            sample.forEach(key -> isIn[((Long) key.values().get(0)).intValue()] = true);
            for (int id = 1; id <= rows; id++) {
                alone[id] += isIn[id] ? 1 : 0;
                if (id < rows) {
                    withNext[id] += isIn[id] && isIn[id + 1] ? 1 : 0;
                }
            }
        }
        for (int id = 1; id <= rows; id++) {
            assertAsOften(alone[id], seeds, 5 / 20.0);
            if (id < rows) {
                assertAsOften(withNext[id], seeds, 5 * 4 / (20.0 * 19));
            }
        }
    }

    private static void assertAsOften(int times, int seeds, double probability) {
        double deviation = Math.sqrt(seeds * probability * (1 - probability));
        assertThat((double) times).isBetween(seeds * probability - 6 * deviation, seeds * probability + 6 * deviation);
    }
}
