-- What the owing triggers of one schema share, version 1, for PostgreSQL.

-- The segment of a key is floor(hash * 1000 / 2^64), the hash being Komihash 5.0 (https://github.com/avaneev/komihash) under the
-- migration's seed, whose first round is made beforehand. Numbers of 64 bits are bigints, multiplied by limbs of 22, 22 and 20 bits.

create or replace function {schema}.migrate_sum_1(a bigint, b bigint) returns bigint
language sql immutable parallel safe as $$
    select ((((a >> 32) & 4294967295) + ((b >> 32) & 4294967295)
            + (((a & 4294967295) + (b & 4294967295)) >> 32)) << 32)
        | (((a & 4294967295) + (b & 4294967295)) & 4294967295)
$$;
//
-- words: the message in words of 8 bytes, little endian, with its closing bit, padded to pairs, and a pair of zeros for the last round.
create or replace function {schema}.migrate_segment_of_words_1(words bigint[], blocks integer, seed1 bigint, seed5 bigint)
returns integer language plpgsql immutable parallel safe as $$
declare
    s1 bigint := seed1;
    s5 bigint := seed5;
    l1 bigint[];
    l5 bigint[];
    high bigint[];
    a bigint; a0 bigint; a1 bigint; a2 bigint;
    b bigint; b0 bigint; b1 bigint; b2 bigint;
    c bigint; d bigint; e bigint;
    at integer := 1;
begin
    if blocks > 0 then
        l1 := array[s1, 1376283091369227076 # s1, -6626703657320631856 # s1, 589684135938649225 # s1];
        l5 := array[s5, -4732044268327596948 # s5, -4563226453097033507 # s5, 4577018097722394903 # s5];
        high := array[0, 0, 0, 0];
        for block in 1..blocks loop
            for j in 1..4 loop
                a := l1[j] # words[at];
                b := l5[j] # words[at + 4];
                a0 := a & 4194303; a1 := (a >> 22) & 4194303; a2 := (a >> 44) & 1048575;
                b0 := b & 4194303; b1 := (b >> 22) & 4194303; b2 := (b >> 44) & 1048575;
                c := a0 * b1 + a1 * b0 + (a0 * b0 >> 22);
                d := a0 * b2 + a1 * b1 + a2 * b0 + (c >> 22);
                e := a1 * b2 + a2 * b1 + (d >> 22);
                high[j] := ((d & 4194303) >> 20) | ((e & 4194303) << 2) | ((a2 * b2 + (e >> 22)) << 24);
                l1[j] := (a0 * b0 & 4194303) | ((c & 4194303) << 22) | (d << 44);
                at := at + 1;
            end loop;
            at := at + 4;
            for j in 1..4 loop
                l5[j] := {schema}.migrate_sum_1(l5[j], high[j]);
            end loop;
            l1 := array[l1[1] # l5[4], l1[2] # l5[1], l1[3] # l5[2], l1[4] # l5[3]];
        end loop;
        s1 := l1[1] # l1[2] # l1[3] # l1[4];
        s5 := l5[1] # l5[2] # l5[3] # l5[4];
    end if;
    while at < cardinality(words) loop
        a := s1 # words[at];
        b := s5 # words[at + 1];
        a0 := a & 4194303; a1 := (a >> 22) & 4194303; a2 := (a >> 44) & 1048575;
        b0 := b & 4194303; b1 := (b >> 22) & 4194303; b2 := (b >> 44) & 1048575;
        c := a0 * b1 + a1 * b0 + (a0 * b0 >> 22);
        d := a0 * b2 + a1 * b1 + a2 * b0 + (c >> 22);
        e := a1 * b2 + a2 * b1 + (d >> 22);
        s5 := {schema}.migrate_sum_1(
            s5, ((d & 4194303) >> 20) | ((e & 4194303) << 2) | ((a2 * b2 + (e >> 22)) << 24));
        s1 := ((a0 * b0 & 4194303) | ((c & 4194303) << 22) | (d << 44)) # s5;
        at := at + 2;
    end loop;
    return (((s1 >> 32) & 4294967295) * 1000 + (((s1 & 4294967295) * 1000) >> 32)) >> 32;
end $$;
//
create or replace function {schema}.migrate_segment_of_number_1(number bigint, seed1 bigint, seed5 bigint)
returns integer language sql immutable parallel safe as $$
    select {schema}.migrate_segment_of_words_1(array[number, 1, 0, 0], 0, seed1, seed5)
$$;
//
-- Of the text's UTF-16, as Java has it: four characters of ASCII at a time, and any other one by one.
create or replace function {schema}.migrate_segment_of_text_1(key_text text, seed1 bigint, seed5 bigint)
returns integer language plpgsql immutable parallel safe as $$
declare
    bytes bytea := convert_to(key_text, 'UTF8');
    size integer := octet_length(bytes);
    words bigint[] := '{}';
    word bigint := 0;
    shift integer := 0;
    units integer := 0;
    at integer := 0;
    point integer;
    low integer;
begin
    while at < size loop
        while shift = 0 and at + 4 <= size loop
            point := get_byte(bytes, at) | get_byte(bytes, at + 1) | get_byte(bytes, at + 2) | get_byte(bytes, at + 3);
            exit when point > 127;
            words := words || (get_byte(bytes, at)::bigint | (get_byte(bytes, at + 1)::bigint << 16)
                | (get_byte(bytes, at + 2)::bigint << 32) | (get_byte(bytes, at + 3)::bigint << 48));
            units := units + 4;
            at := at + 4;
        end loop;
        exit when at = size;
        point := get_byte(bytes, at);
        low := 0;
        if point < 128 then
            at := at + 1;
        elsif point < 224 then
            point := ((point & 31) << 6) | (get_byte(bytes, at + 1) & 63);
            at := at + 2;
        elsif point < 240 then
            point := ((point & 15) << 12) | ((get_byte(bytes, at + 1) & 63) << 6) | (get_byte(bytes, at + 2) & 63);
            at := at + 3;
        else
            point := (((point & 7) << 18) | ((get_byte(bytes, at + 1) & 63) << 12)
                | ((get_byte(bytes, at + 2) & 63) << 6) | (get_byte(bytes, at + 3) & 63)) - 65536;
            low := 56320 | (point & 1023);
            point := 55296 | (point >> 10);
            at := at + 4;
        end if;
        loop
            word := word | (point::bigint << shift);
            units := units + 1;
            shift := shift + 16;
            if shift = 64 then
                words := words || word;
                word := 0;
                shift := 0;
            end if;
            exit when low = 0;
            point := low;
            low := 0;
        end loop;
    end loop;
    if units > 0 then
        word := word | (1::bigint << shift);
    end if;
    words := words || word;
    if cardinality(words) % 2 = 1 then
        words := words || 0::bigint;
    end if;
    return {schema}.migrate_segment_of_words_1(words || array[0, 0]::bigint[], units / 32, seed1, seed5);
end $$;
//
-- The length of a text in UTF-16, as Java counts it: a character beyond the first 65,536 counts twice.
create or replace function {schema}.migrate_units_1(key_text text) returns integer
language plpgsql immutable parallel safe as $$
declare
    bytes bytea := convert_to(key_text, 'UTF8');
    units integer := 0;
begin
    for at in 0..octet_length(bytes) - 1 loop
        units := units + case when get_byte(bytes, at) >= 240 then 2 when get_byte(bytes, at) & 192 = 128 then 0 else 1 end;
    end loop;
    return units;
end $$;
//
-- Admits the write of a row, and owes its key where writes are copied. The advisory lock queues fairly behind a handover; the row's lock
-- sees what was committed while the statement waited; together they are exact at every isolation level. The library's own copies pass
-- where the side is the shadow, and nowhere else. A row that was just inserted is found by its place: looked up by its key, it would cost
-- as much as all that is owed, wherever the server has no statistics of the journal yet.
create or replace function {schema}.migrate_owe_1(
    of_migration text, of_records text, of_side text, lock_class integer, owed_key text, of_segment integer)
returns void language plpgsql as $$
declare
    held record;
    drawn bigint;
    place tid;
    owing constant text := of_side || '/' || of_migration || '/' || of_records || '/' || owed_key;
begin
    if owed_key is null then
        raise exception using errcode = 'MIG02',
            message = format('a row of records ''%s'' of migration ''%s'' has no key: a column of it is NULL', of_records, of_migration),
            hint = 'Give every row its key, or remove the owing trigger from the table and tell the router with touched(..).';
    elsif length(owed_key) > 256 and {schema}.migrate_units_1(owed_key) > 512 then
        raise exception using errcode = 'MIG02',
            message = format('the canonical key of a row of records ''%s'' of migration ''%s'' has more than 512 characters', of_records, of_migration),
            hint = 'Such a key cannot be routed either: shorten it.';
    elsif current_setting('migrate.owed', true) = owing then
        return;
    end if;
    with l as materialized (select pg_advisory_xact_lock_shared(lock_class, of_segment / 10) x)
    select s.role, s.journalled, s.epoch into held from l cross join {schema}.migrate_role s
        where s.migration = of_migration and s.records = of_records and s.side = of_side and s.segment = of_segment
        for share of s;
    if held.role = 'AUTHORITY' then
        if held.journalled then
            insert into {schema}.migrate_journal as j
                (migration, records, side, record_key, segment, epoch, seq, since, attempts, not_before, parked)
                values (of_migration, of_records, of_side, owed_key, of_segment, held.epoch, 0,
                    statement_timestamp() at time zone 'UTC', 0, timestamp '1970-01-01', false)
                on conflict (migration, records, side, record_key) do update set epoch = excluded.epoch,
                    seq = nextval('{schema}.migrate_seq'), attempts = 0, not_before = excluded.not_before,
                    claimed_by = null, claimed_until = null, parked = false
                returning j.seq, j.ctid into drawn, place;
            if drawn = 0 then
                update {schema}.migrate_journal set seq = nextval('{schema}.migrate_seq') where ctid = place;
            end if;
            perform set_config('migrate.owed', owing, true);
        end if;
    elsif held.role is distinct from 'SHADOW' or current_setting('migrate.copying', true) is distinct from 'on' then
        raise exception using errcode = 'MIG01',
            message = format('records ''%s'' of migration ''%s'': the %s side refuses this write, because it is %s for the row''s key at this moment',
                of_records, of_migration, of_side,
                case held.role when 'SHADOW' then 'the shadow' when 'FENCED' then 'fenced for a handover' else 'of no role yet' end),
            hint = case held.role
                when 'SHADOW' then 'Write the row on the other side, or by the router of the application, which knows where.'
                when 'FENCED' then 'Roll back and begin the transaction again in a moment, on the side that is authoritative then.'
                else 'Build the router of these records once: it gives both sides their roles.' end;
    end if;
end $$;
//
-- Rows that are truncated cannot be owed one by one.
create or replace function {schema}.migrate_refuse_truncate_1() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    unowed bigint;
begin
    perform pg_advisory_xact_lock_shared(tg_argv[3]::integer, g) from generate_series(0, 99) g;
    select count(*) into unowed from (select 1 from {schema}.migrate_role s
        where s.migration = tg_argv[0] and s.records = tg_argv[1] and s.side = tg_argv[2]
            and s.role = 'AUTHORITY' and not s.journalled for share of s) free;
    if unowed < 1000 then
        raise exception using errcode = 'MIG01',
            message = format('records ''%s'' of migration ''%s'': the %s side refuses to truncate, because the rows could not be owed to the other side',
                tg_argv[1], tg_argv[0], tg_argv[2]),
            hint = 'Use DELETE, on the side that is authoritative.';
    end if;
    return null;
end $$;
//
revoke all on function {schema}.migrate_refuse_truncate_1() from public;
//
