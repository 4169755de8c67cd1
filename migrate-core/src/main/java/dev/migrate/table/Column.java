package dev.migrate.table;

/**
 * A column of a table, as far as copying and comparing need to know it.
 *
 * @param name its name, as the database spells it; names are matched without regard to case
 * @param kind how its values are carried
 * @param type the database's own name of its type; equal names in one product mean equal representations
 * @param scale decimals of a number, or of a second; 0 or more, or -1 where it is not limited or not known
 * @param isRequired whether a row cannot be inserted without a value for it: NOT NULL, no default, not generated
 * @param isComputed whether its value is computed by the database and cannot be written
 */
public record Column(String name, Kind kind, String type, int scale, boolean isRequired, boolean isComputed) {

    /**
     * How the values of a column are carried in Java. A value that the Java type does not have, such as MariaDB's {@code 0000-00-00}, is an
     * {@link OwnForm}.
     */
    public enum Kind {
        /** {@code Long}. */
        INTEGER(true),
        /** {@code BigDecimal}; for NaN and the infinities, which some databases count among decimals, {@code Double}. */
        DECIMAL(true),
        /** {@code Double}. */
        DOUBLE(false),
        /** {@code Float}. */
        FLOAT(false),
        /** {@code String}. */
        TEXT(false),
        /** {@code String}, padded with spaces by some databases; spaces at its end carry no meaning. */
        PADDED_TEXT(false),
        /** {@code byte[]}. */
        BYTES(false),
        /** {@code Boolean}. */
        BOOLEAN(true),
        /** {@code LocalDate}. */
        DATE(true),
        /** {@code LocalTime}; its {@code MAX} also stands for {@code 24:00:00}. */
        TIME(true),
        /** {@code LocalDateTime}. */
        TIMESTAMP(true),
        /** {@code Instant}. */
        INSTANT(true),
        /** {@code UUID}. */
        UUID(false),
        /** {@code String}: JSON, whose spaces, order of members and notation of numbers and characters carry no meaning. */
        JSON(false),
        /** {@code String}, in the database's own notation: enums, arrays, intervals. */
        OTHER(false),
        /** Not carried: values that could be copied or compared wrongly. A mapping of such a column is refused. */
        UNSUPPORTED(false);

        private final boolean isOrderedAlike;

        Kind(boolean isOrderedAlike) {
            this.isOrderedAlike = isOrderedAlike;
        }

        /** Whether every database puts values of this kind into the same order. */
        public boolean isOrderedAlike() {
            return isOrderedAlike;
        }
    }
}
