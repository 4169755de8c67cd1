-- The library's tables, version 1, for MySQL 8.0.17 and later. All times are UTC.
-- The collation compares bytes and does not pad: keys that differ in case, accent or trailing space are different.

create table if not exists migrate_schema_version (
    version      integer primary key,
    installed_at datetime(6) not null
) engine = InnoDB;

create table if not exists migrate_setting (
    kind          varchar(20) not null,
    name          varchar(200) not null,
    version       bigint not null,
    setting_value mediumtext not null,
    primary key (kind, name)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

create table if not exists migrate_audit (
    kind       varchar(20) not null,
    name       varchar(200) not null,
    version    bigint not null,
    changed_at datetime(6) not null,
    who        varchar(200) not null,
    why        varchar(2000) not null,
    from_value mediumtext,
    to_value   mediumtext not null,
    primary key (kind, name, version)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

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
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

create table if not exists migrate_journal (
    migration     varchar(100) not null,
    records       varchar(100) not null,
    side          varchar(6) not null,
    record_key    varchar(512) not null,
    segment       integer not null,
    epoch         bigint not null,
    seq           bigint not null,
    since         datetime(6) not null,
    attempts      integer not null,
    not_before    datetime(6) not null,
    last_error    varchar(1000),
    claimed_by    varchar(200),
    claimed_until datetime(6),
    parked        boolean not null,
    primary key (migration, records, side, record_key),
    index migrate_journal_claim (migration, records, side, parked, since)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

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
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

-- Its counter stands for a sequence: a number is drawn by a row that is deleted at once. The server keeps the counter over a restart.
create table if not exists migrate_seq (
    id    bigint auto_increment primary key,
    drawn tinyint not null
) engine = InnoDB;
