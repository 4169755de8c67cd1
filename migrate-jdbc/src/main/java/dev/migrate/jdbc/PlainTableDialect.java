package dev.migrate.jdbc;

/** Tables of any other product: plain SQL. */
final class PlainTableDialect implements TableDialect {
    @Override
    public String product() {
        return "other";
    }

    @Override
    public boolean isTested() {
        return false;
    }
}
