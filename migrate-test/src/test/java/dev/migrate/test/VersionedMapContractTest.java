package dev.migrate.test;

import dev.migrate.VersionedRecords;

class VersionedMapContractTest extends VersionedRecordsContract<Long, String> {
    @Override
    protected VersionedRecords<Long, String> emptyRecords() {
        return new VersionedMap();
    }

    @Override
    protected Long key(int n) {
        return 1_000L + n;
    }

    @Override
    protected String value(Long key, int n) {
        return "value " + n + " of " + key;
    }
}
