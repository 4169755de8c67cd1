-- What a backfill into this database has done, what version 6 adds to version 1, for PostgreSQL. All times are UTC.

-- What a worker looks for: few rows, however many chunks are done.
create index if not exists migrate_chunk_undone on migrate_chunk (migration, records, generation, chunk) where state <> 'DONE';

-- Rows that were left out of a chunk, because the mapping or the table refuses them; commits with the chunk. Holds no value of a row but the key.
create table if not exists migrate_refused (
    migration      varchar(100) collate "C" not null,
    records        varchar(100) collate "C" not null,
    generation     bigint not null,
    record_key     varchar(512) collate "C" not null,
    cursor_text    text not null,
    chunk          integer not null,
    state          varchar(7) collate "C" not null,
    reason         varchar(1000) not null,
    review_version bigint,
    primary key (migration, records, generation, record_key)
);
