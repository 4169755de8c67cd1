package dev.migrate.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.migrate.benchmarks.measure.Group;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.RunnerException;

class MainTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) throws RunnerException {
        return Main.run(List.of(arguments), System.out, new PrintStream(err));
    }

    @Test
    void unknownGroup_listsTheGroups() throws RunnerException {
        assertThat(run("--quick", "flag")).isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "no such group: flag",
                        "usage: ",
                        "groups: flags, router, fallback, journal, outage, backfill, reconcile");
    }

    @Test
    void noGroup_listsTheGroups() throws RunnerException {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("no group given", "usage: ");
    }

    @Test
    void rowsThatAreNoNumberOrOutOfRange_areRefused() throws RunnerException {
        for (String rows : List.of("many", "9999", "-1", "100000001", "99999999999")) {
            err.reset();
            assertThat(run("--rows", rows, "backfill")).isEqualTo(2);
            assertThat(err.toString())
                    .contains("--rows must be followed by a number from 10000 to 100000000", "usage: ");
        }
        err.reset();
        assertThat(run("backfill", "--rows")).isEqualTo(2);
        assertThat(err.toString()).contains("--rows must be followed by a number");
    }

    @Test
    void rows_areTakenFromTheArguments_whereverTheyStand() throws RunnerException {
        assertThat(run("--rows", "100000", "flag")).isEqualTo(2);
        assertThat(err.toString()).startsWith("no such group: flag\n");
    }

    @Test
    void everyClaimNamesBenchmarksThatAreRun() {
        assertThat(Main.groups(10_000))
                .allSatisfy(group -> assertThat(group.claims()).allSatisfy(claim -> {
                    assertThat(group.benchmarks()).contains(claim.ours());
                    assertThat(claim.reference().benchmarks()).isSubsetOf(group.benchmarks());
                }));
    }

    @Test
    void everyBenchmarkOfAGroupIsAMethodOfItsClass() {
        assertThat(Main.groups(10_000))
                .filteredOn(Group.class::isInstance)
                .isNotEmpty()
                .allSatisfy(group -> assertThat(((Group) group).type().getMethods())
                        .extracting(method -> method.getName())
                        .containsAll(group.benchmarks()));
    }
}
