-- The library's tables, what version 2 adds to version 1, for MariaDB 10.6 and later. All times are UTC.

-- The nodes that run a migration: which epoch of it each has acknowledged, and until when it may act on that.
create table if not exists migrate_node (
    migration  varchar(100) not null,
    node       varchar(200) not null,
    epoch      bigint not null,
    renewed_at datetime(6) not null,
    expires_at datetime(6) not null,
    primary key (migration, node)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_nopad_bin;

-- Whether another key was in the way when the last attempt failed; and who has dismissed a parked key, why, when and in which version.
-- Nodes of version 1 leave these columns alone: a dismissal does not count once the key has another version or is not parked any more.
alter table migrate_journal
    add column if not exists conflicting     boolean,
    add column if not exists dismissed_by    varchar(200),
    add column if not exists dismissed_why   varchar(2000),
    add column if not exists dismissed_at    datetime(6),
    add column if not exists dismissed_epoch bigint,
    add column if not exists dismissed_seq   bigint;
