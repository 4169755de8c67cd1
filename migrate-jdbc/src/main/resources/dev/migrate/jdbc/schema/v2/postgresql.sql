-- The library's tables, what version 2 adds to version 1, for PostgreSQL. All times are UTC.

-- The nodes that run a migration: which epoch of it each has seen and acknowledged, and until when it may act on that.
create table if not exists migrate_node (
    migration    varchar(100) collate "C" not null,
    node         varchar(200) collate "C" not null,
    seen         bigint not null,
    acknowledged bigint not null,
    stepping     boolean not null,
    renewed_at   timestamp not null,
    leased_until timestamp not null,
    primary key (migration, node)
);
