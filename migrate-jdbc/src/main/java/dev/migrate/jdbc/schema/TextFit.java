package dev.migrate.jdbc.schema;

import dev.migrate.jdbc.schema.Domain.Text;
import dev.migrate.jdbc.schema.Model.Field;
import dev.migrate.table.Objection;
import dev.migrate.table.Objection.Rule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a column makes of one text. Lengths are in characters, which H2 counts as Java does and the others as code points, and in bytes where
 * MariaDB's TEXT or PostgreSQL's {@code name} is limited by them.
 */
final class TextFit {
    private static final int WORST_BYTES = 4;
    private final Product product;
    private final Field field;
    private final Text domain;
    private final @Nullable CharacterSets characters;

    TextFit(Product product, Field field, Text domain, @Nullable CharacterSets characters) {
        this.product = product;
        this.field = field;
        this.domain = domain;
        this.characters = characters;
    }

    Optional<Objection> judge(String text) {
        if (product == Product.POSTGRESQL && text.indexOf('\0') >= 0) {
            return found(Rule.CHARACTERS, "the character NUL is refused");
        }
        if (characters != null && !characters.holds(text)) {
            return found(Rule.CHARACTERS, "not every character is held by the character set " + characters.name());
        }
        return tooLong(text).or(() -> spaces(text));
    }

    private Optional<Objection> tooLong(String text) {
        if (domain.characters() < text.length()) {
            int end = product == Product.H2
                    ? (int) domain.characters()
                    : text.codePointCount(0, text.length()) <= domain.characters()
                            ? text.length()
                            : text.offsetByCodePoints(0, (int) domain.characters());
            if (end < text.length()) {
                boolean isCut = (product != Product.H2 || domain.isPadded())
                        && text.substring(end).chars().allMatch(character -> character == ' ');
                return isCut
                        ? found(
                                Rule.TRAILING_SPACES,
                                "spaces at the end beyond " + domain.characters() + " characters are cut")
                        : found(Rule.LENGTH, "at most " + domain.characters() + " characters are held");
            }
        }
        boolean isLarge = domain.bytes() / WORST_BYTES < text.length() && bytes(text) > domain.bytes();
        return isLarge ? found(Rule.LENGTH, "at most " + domain.bytes() + " bytes are held") : Optional.empty();
    }

    private long bytes(String text) {
        return characters == null ? text.getBytes(StandardCharsets.UTF_8).length : characters.bytes(text);
    }

    private Optional<Objection> spaces(String text) {
        return domain.isPadded() && text.endsWith(" ")
                ? found(Rule.TRAILING_SPACES, "spaces at the end are lost")
                : Optional.empty();
    }

    private Optional<Objection> found(Rule rule, String what) {
        return Optional.of(new Objection(rule, List.of(field.name()), what));
    }
}
