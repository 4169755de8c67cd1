package dev.migrate.verify;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** Rules that are not in ArchUnit's own collection. */
final class Rules {
    private Rules() {}

    /** No call of, and no reference to, a method of this name. */
    static ArchRule noUseOf(Class<?> owner, String method) {
        return noClasses().should(use(owner, method)).as("no use of " + owner.getSimpleName() + "." + method);
    }

    private static ArchCondition<JavaClass> use(Class<?> owner, String method) {
        return new ArchCondition<>("use " + owner.getSimpleName() + "." + method) {
            @Override
            public void check(JavaClass each, ConditionEvents events) {
                for (JavaCodeUnit unit : each.getCodeUnits()) {
                    unit.getMethodCallsFromSelf().forEach(access -> report(access, events));
                    unit.getMethodReferencesFromSelf().forEach(access -> report(access, events));
                }
            }

            private void report(JavaCodeUnitAccess<?> access, ConditionEvents events) {
                if (access.getTargetOwner().isEquivalentTo(owner)
                        && access.getTarget().getName().equals(method)) {
                    events.add(SimpleConditionEvent.satisfied(access, access.getDescription()));
                }
            }
        };
    }

    /** Each package is a slice of its own, so that a package and the packages under it may not depend on each other both ways. */
    static ArchRule noPackageCycles() {
        return SlicesRuleDefinition.slices()
                .assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass each) {
                        return each.getPackageName().startsWith("dev.migrate")
                                ? SliceIdentifier.of(each.getPackageName())
                                : SliceIdentifier.ignore();
                    }

                    @Override
                    public String getDescription() {
                        return "each package";
                    }
                })
                .should()
                .beFreeOfCycles();
    }

    static DescribedPredicate<JavaClass> inPackage(String name) {
        return DescribedPredicate.describe(
                "in " + name, each -> each.getPackageName().equals(name));
    }
}
