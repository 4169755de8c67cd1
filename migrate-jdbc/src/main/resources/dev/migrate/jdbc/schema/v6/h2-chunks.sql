-- What a backfill into this database has done, what version 6 adds to version 1, for H2. All times are UTC.

-- The chunk that was planned last: H2 reads no index from its end.
create index if not exists migrate_chunk_latest on migrate_chunk (migration desc, records desc, generation desc, chunk desc);

-- Rows that were left out of a chunk, because the mapping or the table refuses them; commits with the chunk. Holds no value of a row but the key.
create table if not exists migrate_refused (
    migration      varchar(100) not null,
    records        varchar(100) not null,
    generation     bigint not null,
    record_key     varchar(512) not null,
    cursor_text    character large object not null,
    chunk          integer not null,
    state          varchar(7) not null,
    reason         varchar(1000) not null,
    review_version bigint,
    primary key (migration, records, generation, record_key)
);
