-- The library's tables, version 1, for H2. All times are UTC.

create table if not exists migrate_schema_version (
    version      integer primary key,
    installed_at timestamp(6) not null
);

create table if not exists migrate_setting (
    kind          varchar(20) not null,
    name          varchar(200) not null,
    version       bigint not null,
    setting_value varchar(60000) not null,
    primary key (kind, name)
);

create table if not exists migrate_audit (
    kind       varchar(20) not null,
    name       varchar(200) not null,
    version    bigint not null,
    changed_at timestamp(6) not null,
    who        varchar(200) not null,
    why        varchar(2000) not null,
    from_value varchar(60000),
    to_value   varchar(60000) not null,
    primary key (kind, name, version)
);

-- Both sides of a migration may live in one database: whatever belongs to a side names it.
create table if not exists migrate_role (
    migration  varchar(100) not null,
    records    varchar(100) not null,
    side       varchar(6) not null,
    segment    integer not null,
    role       varchar(9) not null,
    journalled boolean not null,
    epoch      bigint not null,
    primary key (migration, records, side, segment)
);

create table if not exists migrate_journal (
    migration     varchar(100) not null,
    records       varchar(100) not null,
    side          varchar(6) not null,
    record_key    varchar(512) not null,
    segment       integer not null,
    epoch         bigint not null,
    seq           bigint not null,
    since         timestamp(6) not null,
    attempts      integer not null,
    not_before    timestamp(6) not null,
    last_error    varchar(1000),
    claimed_by    varchar(200),
    claimed_until timestamp(6),
    parked        boolean not null,
    primary key (migration, records, side, record_key)
);

create index if not exists migrate_journal_claim on migrate_journal (migration, records, side, parked, since);

create table if not exists migrate_ledger (
    migration  varchar(100) not null,
    records    varchar(100) not null,
    side       varchar(6) not null,
    record_key varchar(512) not null,
    segment    integer not null,
    epoch      bigint not null,
    seq        bigint not null,
    deleted    boolean not null,
    primary key (migration, records, side, record_key)
);

create sequence if not exists migrate_seq as bigint;
