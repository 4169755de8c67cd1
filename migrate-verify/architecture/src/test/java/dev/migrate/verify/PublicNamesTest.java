package dev.migrate.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicNamesTest {
    @Test
    void noPublicName_hasABannedWord() {
        List<String> offences = new ArrayList<>();
        for (String module : Project.PUBLISHED) {
            for (String exported : PublishedClasses.exportedBy(module)) {
                PublishedClasses.all().getPackage(exported).getClasses().stream()
                        .map(PublicNames::offences)
                        .forEach(offences::addAll);
            }
        }
        assertThat(offences).isEmpty();
    }

    @Test
    void words_areFoundAsWholeWordsOnly() {
        for (String name : List.of(
                "old",
                "newStore",
                "isOld",
                "PrimaryStore",
                "SECONDARY_STORE",
                "sourceOf",
                "Destination",
                "ControlArm",
                "candidates",
                "targetingRule",
                "KeyUtil",
                "HTTPHelper",
                "StoreImpl",
                "LockManager",
                "newDataSource")) {
            assertThat(PublicNames.hasBannedWord(name)).as(name).isTrue();
        }
        for (String name : List.of(
                "hold",
                "renew",
                "Threshold",
                "Controller",
                "target",
                "resource",
                "dataSource",
                "JoiningDataSource",
                "InstantSource",
                "newKey",
                "news",
                "implicit",
                "utility",
                "manage")) {
            assertThat(PublicNames.hasBannedWord(name)).as(name).isFalse();
        }
    }

    @Test
    void offences_areThoseOfVisibleNamesThatAreOurOwn() {
        List<String> offences = new ArrayList<>();
        for (JavaClass each : new ClassFileImporter().importPackages("dev.migrate.verify.samples.names")) {
            offences.addAll(PublicNames.offences(each));
        }
        String table = "dev.migrate.verify.samples.names.Table";
        assertThat(offences)
                .containsExactlyInAnyOrder(
                        table + " is called Table",
                        table + ".oldValue",
                        table + ".fromSource()",
                        table + "$Role.PRIMARY");
    }
}
