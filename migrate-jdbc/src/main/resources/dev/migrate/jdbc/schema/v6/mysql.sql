-- The library's tables, what version 6 adds to version 5, for MySQL 8.0.17 and later. All times are UTC.

-- Why the target lacks a row, where a backfill has left it out; how the fields that differ do; and the version of the review under which somebody has
-- accepted that the sides differ. Nodes of earlier versions leave these columns alone: an acceptance does not count once the review has another version.
alter table migrate_review
    add column reason           varchar(1000),
    add column hints            longtext,
    add column accepted_version bigint;
