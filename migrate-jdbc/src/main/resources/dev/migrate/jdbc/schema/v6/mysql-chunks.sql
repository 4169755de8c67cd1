-- What a backfill into this database has done, what version 6 adds to version 1, for MySQL 8.0.17 and later. All times are UTC.

-- Rows that were left out of a chunk, because the mapping or the table refuses them; commits with the chunk. Holds no value of a row but the key.
create table if not exists migrate_refused (
    migration      varchar(100) not null,
    records        varchar(100) not null,
    generation     bigint not null,
    record_key     varchar(512) not null,
    cursor_text    longtext not null,
    chunk          integer not null,
    state          varchar(7) not null,
    reason         varchar(1000) not null,
    review_version bigint,
    primary key (migration, records, generation, record_key)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;
