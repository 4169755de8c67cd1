package dev.migrate.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.migrate.AuditEntry;
import dev.migrate.MigrationStore;
import dev.migrate.Node;
import dev.migrate.Setting;
import dev.migrate.StaleChangeException;
import dev.migrate.Version;
import dev.migrate.VersionedRecords;
import dev.migrate.store.InMemoryMigrationStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Each contract is run against implementations with one defect each, and must find it. */
class ContractsCatchTest {
    static List<String> failedTestsOf(Class<?> testClass) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(testClass))
                .execute()
                .testEvents()
                .failed()
                .stream()
                .map(Event::getTestDescriptor)
                .map(test -> test.getDisplayName().replace("()", ""))
                .toList();
    }

    @Test
    void storeThatIgnoresTheVersion() {
        assertThat(failedTestsOf(IgnoresVersion.class))
                .contains(
                        "change_basedOnAnotherVersion_isRefusedAndLeavesNothing",
                        "anotherNode_seesTheChange_andIsRefusedOnAnOlderVersion",
                        "eightThreadsOnTwoNodes_haveExactlyOneWinnerForEachVersion");
    }

    static class IgnoresVersion extends MigrationStoreContract {
        @Override
        protected MigrationStore emptyStore(InstantSource time) {
            return new DelegatingStore(time) {
                @Override
                public synchronized Setting change(
                        Setting.Kind kind, String name, long expected, String value, String who, String why) {
                    long version = find(kind, name).map(Setting::version).orElse(0L);
                    return super.change(kind, name, version, value, who, why);
                }
            };
        }
    }

    @Test
    void storeThatTellsALoserThatItHasWon() {
        assertThat(failedTestsOf(HidesLosing.class))
                .contains("eightThreadsOnTwoNodes_haveExactlyOneWinnerForEachVersion");
    }

    static class HidesLosing extends MigrationStoreContract {
        @Override
        protected MigrationStore emptyStore(InstantSource time) {
            return new DelegatingStore(time) {
                @Override
                public Setting change(
                        Setting.Kind kind, String name, long expected, String value, String who, String why) {
                    try {
                        return super.change(kind, name, expected, value, who, why);
                    } catch (StaleChangeException stale) {
                        return find(kind, name).orElseThrow(() -> stale);
                    }
                }
            };
        }
    }

    @Test
    void storeThatWritesTheAuditLater() {
        assertThat(failedTestsOf(AuditsLate.class))
                .contains("aReader_neverSeesAChangeWithoutItsAuditEntry_norTheReverse");
    }

    static class AuditsLate extends MigrationStoreContract {
        @Override
        protected MigrationStore emptyStore(InstantSource time) {
            return new DelegatingStore(time) {
                @Override
                public List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
                    List<AuditEntry> all = super.audit(kind, name, Integer.MAX_VALUE);
                    return all.stream().skip(1).limit(limit).toList();
                }
            };
        }
    }

    @Test
    void storeWithACaseInsensitiveCollation() {
        assertThat(failedTestsOf(Collates.class)).contains("names_thatDifferInCaseAccentOrTrailingSpace_areDifferent");
    }

    static class Collates extends MigrationStoreContract {
        @Override
        protected MigrationStore emptyStore(InstantSource time) {
            return new DelegatingStore(time) {
                @Override
                public Optional<Setting> find(Setting.Kind kind, String name) {
                    return super.find(kind, folded(name));
                }

                @Override
                public Setting change(
                        Setting.Kind kind, String name, long expected, String value, String who, String why) {
                    return super.change(kind, folded(name), expected, value, who, why);
                }

                private String folded(String name) {
                    return name.toLowerCase(java.util.Locale.ROOT);
                }
            };
        }
    }

    @Test
    void storeThatSwallowsWhatItCannotHold() {
        assertThat(failedTestsOf(StripsText.class))
                .contains(
                        "textThatADatabaseMayNotHold_isKeptExactlyOrRefused_neverAltered",
                        "unicodeAndQuotes_comeBackAsTheyWere",
                        "textAtItsLimit_isKept");
    }

    static class StripsText extends MigrationStoreContract {
        @Override
        protected MigrationStore emptyStore(InstantSource time) {
            return new DelegatingStore(time) {
                @Override
                public Setting change(
                        Setting.Kind kind, String name, long expected, String value, String who, String why) {
                    String ascii = value.replaceAll("[^\\x20-\\x7e]", "?");
                    return super.change(kind, name, expected, ascii, who, why);
                }
            };
        }
    }

    @Test
    void durableStoreWithoutAnotherNode() {
        assertThat(failedTestsOf(ClaimsToBeDurable.class))
                .containsExactly("anotherNode_seesTheChange_andIsRefusedOnAnOlderVersion");
    }

    static class ClaimsToBeDurable extends MigrationStoreContract {
        @Override
        protected MigrationStore emptyStore(InstantSource time) {
            return new DelegatingStore(time) {
                @Override
                public boolean isDurable() {
                    return true;
                }
            };
        }
    }

    @Test
    void recordsThatInsert_insteadOfReplacing() {
        assertThat(failedTestsOf(InsertsOnly.class))
                .contains(
                        "write_repeated_leavesWhatOneLeaves",
                        "write_toAKeyThatIsThere_replaces",
                        "write_ofWhatWasRead_changesNothing");
    }

    static class InsertsOnly extends VersionedMapContractTest {
        @Override
        protected VersionedRecords<Long, String> emptyRecords() {
            return new VersionedMap() {
                @Override
                public synchronized String write(Long key, String value) {
                    if (values.putIfAbsent(key, value) != null) {
                        throw new IllegalStateException("duplicate key");
                    }
                    return value;
                }
            };
        }
    }

    @Test
    void recordsThatFailToDeleteWhatIsGone() {
        assertThat(failedTestsOf(DeletesOnce.class))
                .contains("delete_removes_andRepeatedDoesNothing", "delete_ofAKeyThatWasNeverThere_doesNothing");
    }

    static class DeletesOnce extends VersionedMapContractTest {
        @Override
        protected VersionedRecords<Long, String> emptyRecords() {
            return new VersionedMap() {
                @Override
                public synchronized void delete(Long key) {
                    if (values.remove(key) == null) {
                        throw new IllegalStateException("no row deleted");
                    }
                }
            };
        }
    }

    @Test
    void versionedRecordsWithoutTombstones() {
        assertThat(failedTestsOf(NoTombstones.class))
                .contains(
                        "tombstone_refusesOlderAndSameVersions_andTakesLaterOnes",
                        "delete_ofWhatWasNeverThere_leavesATombstone");
    }

    static class NoTombstones extends VersionedMapContractTest {
        @Override
        protected VersionedRecords<Long, String> emptyRecords() {
            return new VersionedMap() {
                @Override
                public synchronized boolean delete(Long key, Version version) {
                    boolean deleted = super.delete(key, version);
                    if (deleted) {
                        versions.remove(key);
                    }
                    return deleted;
                }
            };
        }
    }

    @Test
    void versionedRecordsThatForgetTheVersionInAPlainWrite() {
        assertThat(failedTestsOf(ForgetsVersion.class))
                .containsExactlyInAnyOrder(
                        "writeWithoutAVersion_isTaken_andWhatIsOlderThanWhatWasHeldStaysRefused",
                        "deleteWithoutAVersion_isTaken_andWhatIsOlderThanWhatWasHeldStaysRefused");
    }

    static class ForgetsVersion extends VersionedMapContractTest {
        @Override
        protected VersionedRecords<Long, String> emptyRecords() {
            return new VersionedMap() {
                @Override
                public synchronized String write(Long key, String value) {
                    versions.remove(key);
                    return super.write(key, value);
                }

                @Override
                public synchronized void delete(Long key) {
                    versions.remove(key);
                    super.delete(key);
                }
            };
        }
    }

    @Test
    void versionedRecordsThatTakeTheSameVersionAgain() {
        assertThat(failedTestsOf(TakesSame.class)).contains("sameVersion_isRefused");
    }

    static class TakesSame extends VersionedMapContractTest {
        @Override
        protected VersionedRecords<Long, String> emptyRecords() {
            return new VersionedMap() {
                @Override
                boolean accepts(Long key, Version version) {
                    return !versions.getOrDefault(key, Version.NONE).isAfter(version);
                }
            };
        }
    }

    @Test
    void versionedRecordsThatCompareTheSequenceAlone() {
        assertThat(failedTestsOf(IgnoresEpoch.class)).contains("laterVersion_isTaken", "olderVersion_isRefused");
    }

    static class IgnoresEpoch extends VersionedMapContractTest {
        @Override
        protected VersionedRecords<Long, String> emptyRecords() {
            return new VersionedMap() {
                @Override
                boolean accepts(Long key, Version version) {
                    return version.sequence()
                            > versions.getOrDefault(key, Version.NONE).sequence();
                }
            };
        }
    }

    private static class DelegatingStore implements MigrationStore {
        private final InMemoryMigrationStore inner;

        DelegatingStore(InstantSource time) {
            inner = new InMemoryMigrationStore(time);
        }

        @Override
        public Optional<Setting> find(Setting.Kind kind, String name) {
            return inner.find(kind, name);
        }

        @Override
        public List<Setting> list(Setting.Kind kind) {
            return inner.list(kind);
        }

        @Override
        public Setting change(Setting.Kind kind, String name, long expected, String value, String who, String why) {
            return inner.change(kind, name, expected, value, who, why);
        }

        @Override
        public List<AuditEntry> audit(Setting.Kind kind, String name, int limit) {
            return inner.audit(kind, name, limit);
        }

        @Override
        public void renew(String migration, Node.Report report, Duration lease) {
            inner.renew(migration, report, lease);
        }

        @Override
        public List<Node> nodes(String migration) {
            return inner.nodes(migration);
        }

        @Override
        public void leave(String migration, String node) {
            inner.leave(migration, node);
        }

        @Override
        public boolean isDurable() {
            return inner.isDurable();
        }
    }
}
