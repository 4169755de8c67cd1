-- The library's tables, what version 4 adds to version 3, for PostgreSQL. All times are UTC.

-- Events that a side has logged, until they are forgotten. Their order is that of the numbers under which they are due; no time decides it.
create table if not exists migrate_event (
    migration    varchar(100) collate "C" not null,
    records      varchar(100) collate "C" not null,
    side         varchar(6) collate "C" not null,
    record_key   varchar(512) collate "C" not null,
    segment      integer not null,
    epoch        bigint not null,
    seq          bigint not null,
    due_epoch    bigint not null,
    due_seq      bigint not null,
    operation_id varchar(200) collate "C" not null,
    event_type   varchar(200) collate "C" not null,
    payload      bytea not null,
    occurred_at  timestamp not null,
    processed_at timestamp,
    decided_by   varchar(200),
    decided_why  varchar(2000),
    decided_at   timestamp,
    primary key (migration, records, side, record_key, epoch, seq),
    constraint migrate_event_operation unique (migration, records, side, operation_id)
);

create index if not exists migrate_event_open on migrate_event (migration, records, side, record_key, due_epoch, due_seq)
    where processed_at is null;

create index if not exists migrate_event_occurred on migrate_event (migration, records, side, occurred_at);

-- How far the events of a side were taken up again, to be delivered once more.
create table if not exists migrate_event_replay (
    migration varchar(100) collate "C" not null,
    records   varchar(100) collate "C" not null,
    side      varchar(6) collate "C" not null,
    replay_id varchar(36) collate "C" not null,
    since     timestamp not null,
    again     varchar(30) collate "C" not null,
    after_key varchar(512) collate "C",
    asked_by  varchar(200) not null,
    primary key (migration, records, side)
);

-- What the worker looks for, in another order: an index that begins as the primary key does was taken for a single key too, wherever the server had no
-- statistics of the journal yet, and read all that a side owed.
drop index if exists migrate_journal_claim;
create index if not exists migrate_journal_due on migrate_journal (parked, migration, records, side, since);
