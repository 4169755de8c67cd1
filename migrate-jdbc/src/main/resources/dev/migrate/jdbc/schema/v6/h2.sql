-- The library's tables, what version 6 adds to version 5, for H2. All times are UTC.

-- Why the target lacks a row, where a backfill has left it out; how the fields that differ do; and the version of the review under which somebody has
-- accepted that the sides differ. Nodes of earlier versions leave these columns alone: an acceptance does not count once the review has another version.
alter table migrate_review add column if not exists reason varchar(1000);
alter table migrate_review add column if not exists hints character large object;
alter table migrate_review add column if not exists accepted_version bigint;
