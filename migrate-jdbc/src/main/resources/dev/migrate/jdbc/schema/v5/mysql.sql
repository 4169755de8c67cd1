-- The library's tables, what version 5 adds to version 4, for MySQL 8.0.17 and later. All times are UTC.

-- What repairs have done to the rows of a side, with each row as it was before and as it was left. Holds values of rows until it is forgotten.
create table if not exists migrate_repair (
    migration   varchar(100) not null,
    records     varchar(100) not null,
    side        varchar(6) not null,
    run_id      varchar(36) not null,
    line        integer not null,
    record_key  varchar(512) not null,
    cursor_text longtext not null,
    repaired_at datetime(6) not null,
    repaired_by varchar(200) not null,
    reason      varchar(2000) not null,
    undoes      varchar(36),
    before_row  longblob,
    after_row   longblob,
    undone_by   varchar(36),
    primary key (migration, records, side, run_id, line),
    key migrate_repair_at (migration, records, side, repaired_at)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

-- Differences that a person is to decide of. Holds no value of a row but the key.
create table if not exists migrate_review (
    migration     varchar(100) not null,
    records       varchar(100) not null,
    record_key    varchar(512) not null,
    version       bigint not null,
    cursor_text   longtext not null,
    kind          varchar(30) not null,
    authoritative varchar(6) not null,
    fields        longtext not null,
    state         varchar(10) not null,
    since         datetime(6) not null,
    last_seen     datetime(6) not null,
    claimed_by    varchar(200),
    claimed_until datetime(6),
    decided_for   varchar(6),
    decided_by    varchar(200),
    decided_at    datetime(6),
    note          varchar(2000),
    primary key (migration, records, record_key),
    key migrate_review_since (migration, records, state, since)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

-- What was done with them, by whom.
create table if not exists migrate_review_audit (
    migration  varchar(100) not null,
    records    varchar(100) not null,
    record_key varchar(512) not null,
    version    bigint not null,
    changed_at datetime(6) not null,
    who        varchar(200) not null,
    deed       varchar(30) not null,
    note       varchar(2000) not null,
    primary key (migration, records, record_key, version)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

-- What each pass of a reconciliation has found.
create table if not exists migrate_pass (
    migration  varchar(100) not null,
    records    varchar(100) not null,
    pass_id    varchar(36) not null,
    kind       varchar(10) not null,
    began_at   datetime(6) not null,
    took_nanos bigint not null,
    compared   bigint not null,
    missing    bigint not null,
    extra      bigint not null,
    different  bigint not null,
    in_flight  bigint not null,
    hot        bigint not null,
    beyond     bigint not null,
    repaired   bigint not null,
    clean      boolean not null,
    primary key (migration, records, pass_id),
    key migrate_pass_began (migration, records, began_at)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;
