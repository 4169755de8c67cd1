-- The library's tables, what version 3 adds to version 2, for MySQL 8.0.17 and later. All times are UTC.

-- Writes that are made outside of the transactions of this database: announced, and neither acknowledged nor settled yet.
create table if not exists migrate_intent (
    migration  varchar(100) not null,
    records    varchar(100) not null,
    side       varchar(6) not null,
    epoch      bigint not null,
    seq        bigint not null,
    record_key varchar(512) not null,
    segment    integer not null,
    since      datetime(6) not null,
    deadline   datetime(6) not null,
    owner      varchar(200) not null,
    primary key (migration, records, side, epoch, seq),
    key migrate_intent_deadline (migration, records, side, deadline)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;

-- Whether another key was in the way when the last attempt failed; and who has dismissed a parked key, why, when and in which version.
-- Nodes of earlier versions leave these columns alone: a dismissal does not count once the key has another version or is not parked any more.
-- To be run once: MySQL has no ADD COLUMN IF NOT EXISTS. The library itself takes a column that is there for added.
alter table migrate_journal
    add column conflicting     boolean,
    add column dismissed_by    varchar(200),
    add column dismissed_why   varchar(2000),
    add column dismissed_at    datetime(6),
    add column dismissed_epoch bigint,
    add column dismissed_seq   bigint;
