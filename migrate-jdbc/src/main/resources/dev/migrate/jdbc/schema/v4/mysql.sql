-- The library's tables, what version 4 adds to version 3, for MySQL 8.0.17 and later. All times are UTC.

-- Events that a side has logged, until they are forgotten. Their order is that of the numbers under which they are due; no time decides it.
create table if not exists migrate_event (
    migration    varchar(100) not null,
    records      varchar(100) not null,
    side         varchar(6) not null,
    record_key   varchar(512) not null,
    segment      integer not null,
    epoch        bigint not null,
    seq          bigint not null,
    due_epoch    bigint not null,
    due_seq      bigint not null,
    operation_id varchar(200) not null,
    event_type   varchar(200) not null,
    payload      longblob not null,
    occurred_at  datetime(6) not null,
    processed_at datetime(6),
    decided_by   varchar(200),
    decided_why  varchar(2000),
    decided_at   datetime(6),
    primary key (migration, records, side, record_key, epoch, seq),
    unique key migrate_event_operation (migration, records, side, operation_id),
    key migrate_event_open (migration, records, side, processed_at, record_key, due_epoch, due_seq),
    key migrate_event_occurred (migration, records, side, occurred_at)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

-- How far the events of a side were taken up again, to be delivered once more.
create table if not exists migrate_event_replay (
    migration varchar(100) not null,
    records   varchar(100) not null,
    side      varchar(6) not null,
    replay_id varchar(36) not null,
    since     datetime(6) not null,
    again     varchar(30) not null,
    after_key varchar(512),
    asked_by  varchar(200) not null,
    primary key (migration, records, side)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;
