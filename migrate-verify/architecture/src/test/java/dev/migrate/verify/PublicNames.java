package dev.migrate.verify;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** The words that no public name may have, and the names that it may not be. */
final class PublicNames {
    /** As words of a name; {@code Controller} and {@code renewed} are other words. */
    private static final Set<String> BANNED_WORDS = Set.of(
            "old",
            "new",
            "primary",
            "secondary",
            "source",
            "sources",
            "destination",
            "destinations",
            "control",
            "candidate",
            "candidates",
            "targeting",
            "util",
            "utils",
            "helper",
            "helpers",
            "manager",
            "impl");

    /** As whole simple names: JPA and java.time have them already. */
    private static final Set<String> BANNED_TYPES = Set.of("Table", "Clock");

    /** Names of the JDK that ours may contain. */
    private static final List<String> NAMES_OF_THE_JDK = List.of("DataSource", "InstantSource");

    /** Here new is said of what is being made (a key for what has none, a connection), and not of one of the two systems. */
    private static final Set<String> ALLOWED = Set.of("newKey", "newConnection");

    private PublicNames() {}

    /** What is wrong with the public and protected names of a type that users can see; empty for any other type. */
    static List<String> offences(JavaClass type) {
        List<String> offences = new ArrayList<>();
        if (!isVisible(type)) {
            return offences;
        }
        if (BANNED_TYPES.contains(type.getSimpleName())) {
            offences.add(type.getName() + " is called " + type.getSimpleName());
        }
        if (hasBannedWord(type.getSimpleName())) {
            offences.add(type.getName());
        }
        type.getMembers().stream()
                .filter(member -> isOpen(member.getModifiers())
                        && !member.getModifiers().contains(JavaModifier.SYNTHETIC)
                        && hasBannedWord(member.getName())
                        && !isNamedElsewhere(type, member))
                .forEach(member -> offences.add(member.getFullName()));
        return offences;
    }

    static boolean hasBannedWord(String name) {
        if (ALLOWED.contains(name)) {
            return false;
        }
        String own = name;
        for (String ofTheJdk : NAMES_OF_THE_JDK) {
            own = own.replaceAll("(?i)" + ofTheJdk, "_");
        }
        return Stream.of(own.split("_|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .anyMatch(BANNED_WORDS::contains);
    }

    private static boolean isVisible(JavaClass type) {
        return !type.isAnonymousClass()
                && isOpen(type.getModifiers())
                && type.getEnclosingClass().map(PublicNames::isVisible).orElse(true);
    }

    private static boolean isOpen(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    /** Whether an interface or class that is not ours has given the name. */
    private static boolean isNamedElsewhere(JavaClass type, JavaMember member) {
        return Stream.concat(type.getAllRawInterfaces().stream(), type.getAllRawSuperclasses().stream())
                .filter(above -> !above.getPackageName().startsWith("dev.migrate"))
                .flatMap(above -> above.getMethods().stream())
                .anyMatch(method -> method.getName().equals(member.getName()));
    }
}
