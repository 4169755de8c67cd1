-- The library's tables, what version 2 adds to version 1, for H2. All times are UTC.

-- The nodes that run a migration: which epoch of it each has seen and acknowledged, and until when it may act on that.
create table if not exists migrate_node (
    migration    varchar(100) not null,
    node         varchar(200) not null,
    seen         bigint not null,
    acknowledged bigint not null,
    stepping     boolean not null,
    renewed_at   timestamp(6) not null,
    leased_until timestamp(6) not null,
    primary key (migration, node)
);
