-- The library's tables, what version 2 adds to version 1, for MySQL 8.0.17 and later. All times are UTC.

-- The nodes that run a migration: which epoch of it each has seen and acknowledged, and until when it may act on that.
create table if not exists migrate_node (
    migration    varchar(100) not null,
    node         varchar(200) not null,
    seen         bigint not null,
    acknowledged bigint not null,
    stepping     boolean not null,
    renewed_at   datetime(6) not null,
    leased_until datetime(6) not null,
    primary key (migration, node)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_0900_bin;
