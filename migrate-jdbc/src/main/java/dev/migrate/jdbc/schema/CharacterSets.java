package dev.migrate.jdbc.schema;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which characters a database's character set has, and how many bytes they take. */
final class CharacterSets {
    private static final Map<String, String> OF_MARIADB = Map.ofEntries(
            Map.entry("utf8mb4", "UTF-8"),
            Map.entry("utf8mb3", "UTF-8"),
            Map.entry("utf8", "UTF-8"),
            Map.entry("latin1", "windows-1252"),
            Map.entry("latin2", "ISO-8859-2"),
            Map.entry("latin5", "ISO-8859-9"),
            Map.entry("latin7", "ISO-8859-13"),
            Map.entry("greek", "ISO-8859-7"),
            Map.entry("hebrew", "ISO-8859-8"),
            Map.entry("koi8r", "KOI8-R"),
            Map.entry("koi8u", "KOI8-U"),
            Map.entry("cp1250", "windows-1250"),
            Map.entry("cp1251", "windows-1251"),
            Map.entry("cp1256", "windows-1256"),
            Map.entry("cp1257", "windows-1257"),
            Map.entry("cp850", "IBM850"),
            Map.entry("cp852", "IBM852"),
            Map.entry("cp866", "IBM866"),
            Map.entry("ascii", "US-ASCII"),
            Map.entry("ucs2", "UTF-16BE"),
            Map.entry("utf16", "UTF-16BE"),
            Map.entry("utf16le", "UTF-16LE"),
            Map.entry("utf32", "UTF-32BE"));
    private static final Map<String, String> OF_POSTGRESQL = Map.ofEntries(
            Map.entry("UTF8", "UTF-8"),
            Map.entry("LATIN1", "ISO-8859-1"),
            Map.entry("LATIN2", "ISO-8859-2"),
            Map.entry("LATIN5", "ISO-8859-9"),
            Map.entry("LATIN7", "ISO-8859-13"),
            Map.entry("LATIN9", "ISO-8859-15"),
            Map.entry("KOI8R", "KOI8-R"),
            Map.entry("KOI8U", "KOI8-U"),
            Map.entry("WIN1250", "windows-1250"),
            Map.entry("WIN1251", "windows-1251"),
            Map.entry("WIN1252", "windows-1252"),
            Map.entry("WIN1253", "windows-1253"),
            Map.entry("WIN1254", "windows-1254"),
            Map.entry("WIN1257", "windows-1257"));

    /** What {@code latin1} of MariaDB has beyond Java's windows-1252: each byte is some character. */
    private static final String CONTROLS = "\u0081\u008d\u008f\u0090\u009d";

    /** Every set here has these. */
    private static final int LAST_OF_ASCII = 0x7f;

    private final String name;
    private final Charset charset;
    private final boolean isBasicPlaneOnly;
    private final boolean hasControls;

    private CharacterSets(String name, String charset, boolean isBasicPlaneOnly, boolean hasControls) {
        this.name = name;
        this.charset = Charset.forName(charset);
        this.isBasicPlaneOnly = isBasicPlaneOnly;
        this.hasControls = hasControls;
    }

    /** A character set of MariaDB, by the collation of a column; null where it is not known here. */
    static @Nullable CharacterSets ofCollation(String collation) {
        String name = collation.toLowerCase(Locale.ROOT).replaceFirst("_.*", "");
        boolean isBasicPlaneOnly = name.equals("utf8mb3") || name.equals("utf8") || name.equals("ucs2");
        return of(name, OF_MARIADB.get(name), isBasicPlaneOnly, name.equals("latin1"));
    }

    /** A server's encoding of PostgreSQL; null where it is not known here. */
    static @Nullable CharacterSets ofEncoding(String encoding) {
        return of(encoding, OF_POSTGRESQL.get(encoding), false, false);
    }

    private static @Nullable CharacterSets of(
            String name, @Nullable String charset, boolean isBasicPlaneOnly, boolean hasControls) {
        return charset == null || !Charset.isSupported(charset)
                ? null
                : new CharacterSets(name, charset, isBasicPlaneOnly, hasControls);
    }

    String name() {
        return name;
    }

    boolean holds(String text) {
        if (text.chars().allMatch(character -> character <= LAST_OF_ASCII)) {
            return true;
        }
        if (isBasicPlaneOnly && text.codePoints().anyMatch(Character::isSupplementaryCodePoint)) {
            return false;
        }
        CharsetEncoder encoder = charset.newEncoder();
        return encoder.canEncode(text)
                || (hasControls
                        && text.codePoints()
                                .allMatch(point ->
                                        CONTROLS.indexOf(point) >= 0 || encoder.canEncode(Character.toString(point))));
    }

    long bytes(String text) {
        return text.getBytes(charset).length;
    }
}
