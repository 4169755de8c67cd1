-- The library's tables, what version 5 adds to version 4, for PostgreSQL. All times are UTC.

-- What repairs have done to the rows of a side, with each row as it was before and as it was left. Holds values of rows until it is forgotten.
create table if not exists migrate_repair (
    migration   varchar(100) collate "C" not null,
    records     varchar(100) collate "C" not null,
    side        varchar(6) collate "C" not null,
    run_id      varchar(36) collate "C" not null,
    line        integer not null,
    record_key  varchar(512) collate "C" not null,
    cursor_text text not null,
    repaired_at timestamp not null,
    repaired_by varchar(200) not null,
    reason      varchar(2000) not null,
    undoes      varchar(36) collate "C",
    before_row  bytea,
    after_row   bytea,
    undone_by   varchar(36) collate "C",
    primary key (migration, records, side, run_id, line)
);

create index if not exists migrate_repair_at on migrate_repair (migration, records, side, repaired_at);

-- Differences that a person is to decide of. Holds no value of a row but the key.
create table if not exists migrate_review (
    migration     varchar(100) collate "C" not null,
    records       varchar(100) collate "C" not null,
    record_key    varchar(512) collate "C" not null,
    version       bigint not null,
    cursor_text   text not null,
    kind          varchar(30) collate "C" not null,
    authoritative varchar(6) collate "C" not null,
    fields        text not null,
    state         varchar(10) collate "C" not null,
    since         timestamp not null,
    last_seen     timestamp not null,
    claimed_by    varchar(200),
    claimed_until timestamp,
    decided_for   varchar(6) collate "C",
    decided_by    varchar(200),
    decided_at    timestamp,
    note          varchar(2000),
    primary key (migration, records, record_key)
);

create index if not exists migrate_review_since on migrate_review (migration, records, state, since);

-- What was done with them, by whom.
create table if not exists migrate_review_audit (
    migration  varchar(100) collate "C" not null,
    records    varchar(100) collate "C" not null,
    record_key varchar(512) collate "C" not null,
    version    bigint not null,
    changed_at timestamp not null,
    who        varchar(200) not null,
    deed       varchar(30) collate "C" not null,
    note       varchar(2000) not null,
    primary key (migration, records, record_key, version)
);

-- What each pass of a reconciliation has found.
create table if not exists migrate_pass (
    migration  varchar(100) collate "C" not null,
    records    varchar(100) collate "C" not null,
    pass_id    varchar(36) collate "C" not null,
    kind       varchar(10) collate "C" not null,
    began_at   timestamp not null,
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
    primary key (migration, records, pass_id)
);

create index if not exists migrate_pass_began on migrate_pass (migration, records, began_at);
