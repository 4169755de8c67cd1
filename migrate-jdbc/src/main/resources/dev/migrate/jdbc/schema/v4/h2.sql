-- The library's tables, what version 4 adds to version 3, for H2. All times are UTC.

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
    payload      binary large object not null,
    occurred_at  timestamp(6) not null,
    processed_at timestamp(6),
    decided_by   varchar(200),
    decided_why  varchar(2000),
    decided_at   timestamp(6),
    primary key (migration, records, side, record_key, epoch, seq),
    constraint migrate_event_operation unique (migration, records, side, operation_id)
);

create index if not exists migrate_event_open on migrate_event
    (migration, records, side, processed_at, record_key, due_epoch, due_seq);

create index if not exists migrate_event_occurred on migrate_event (migration, records, side, occurred_at);

-- How far the events of a side were taken up again, to be delivered once more.
create table if not exists migrate_event_replay (
    migration varchar(100) not null,
    records   varchar(100) not null,
    side      varchar(6) not null,
    replay_id varchar(36) not null,
    since     timestamp(6) not null,
    again     varchar(30) not null,
    after_key varchar(512),
    asked_by  varchar(200) not null,
    primary key (migration, records, side)
);
