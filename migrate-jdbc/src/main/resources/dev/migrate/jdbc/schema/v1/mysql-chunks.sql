-- What a backfill into this database has done, version 1; it commits with the rows that it copies. All times are UTC.

create table if not exists migrate_backfill (
    migration     varchar(100) not null,
    records       varchar(100) not null,
    generation    bigint not null,
    last_key      longtext,
    expected_rows bigint not null,
    primary key (migration, records, generation)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

create table if not exists migrate_chunk (
    migration    varchar(100) not null,
    records      varchar(100) not null,
    generation   bigint not null,
    chunk        integer not null,
    after_key    longtext,
    upto_key     longtext not null,
    state        varchar(6) not null,
    token        bigint not null,
    claimed_by   varchar(100),
    claimed_until datetime(6),
    attempts     integer not null,
    rows_read    bigint not null,
    rows_written bigint not null,
    last_error   varchar(1000),
    primary key (migration, records, generation, chunk),
    key migrate_chunk_state (migration, records, generation, state, chunk)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;
