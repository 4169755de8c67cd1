-- What the owing triggers of one database share, version 1, for MariaDB 10.6 and later.

-- The segment of a key is floor(hash * 1000 / 2^64), the hash being Komihash 5.0 (https://github.com/avaneev/komihash) under the
-- migration's seed, whose first round is made beforehand. Numbers of 64 bits are multiplied by limbs of 32.
-- message: with its closing bit, padded to pairs of words of 8 bytes, little endian, and a pair of zeros for the last round.
create or replace function {schema}.migrate_segment_of_bytes_1(
    message varbinary(2100), blocks integer, seed1 bigint unsigned, seed5 bigint unsigned)
returns integer deterministic no sql sql security invoker
begin
    declare s1, s2, s3, s4, s5, s6, s7, s8, h1, h2, h3, h4, a, b, t, u, v bigint unsigned;
    declare place integer default 1;
    set s1 = seed1, s5 = seed5;
    if blocks > 0 then
        set s2 = 1376283091369227076 ^ s1, s3 = 11820040416388919760 ^ s1, s4 = 589684135938649225 ^ s1,
            s6 = 13714699805381954668 ^ s5, s7 = 13883517620612518109 ^ s5, s8 = 4577018097722394903 ^ s5;
        while blocks > 0 do
            set a = s1 ^ conv(hex(reverse(substr(message, place, 8))), 16, 10),
                b = s5 ^ conv(hex(reverse(substr(message, place + 32, 8))), 16, 10),
                t = (a & 4294967295) * (b & 4294967295),
                u = (a >> 32) * (b & 4294967295) + (t >> 32),
                v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
                s1 = (v << 32) | (t & 4294967295),
                h1 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32);
            set a = s2 ^ conv(hex(reverse(substr(message, place + 8, 8))), 16, 10),
                b = s6 ^ conv(hex(reverse(substr(message, place + 40, 8))), 16, 10),
                t = (a & 4294967295) * (b & 4294967295),
                u = (a >> 32) * (b & 4294967295) + (t >> 32),
                v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
                s2 = (v << 32) | (t & 4294967295),
                h2 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32);
            set a = s3 ^ conv(hex(reverse(substr(message, place + 16, 8))), 16, 10),
                b = s7 ^ conv(hex(reverse(substr(message, place + 48, 8))), 16, 10),
                t = (a & 4294967295) * (b & 4294967295),
                u = (a >> 32) * (b & 4294967295) + (t >> 32),
                v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
                s3 = (v << 32) | (t & 4294967295),
                h3 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32);
            set a = s4 ^ conv(hex(reverse(substr(message, place + 24, 8))), 16, 10),
                b = s8 ^ conv(hex(reverse(substr(message, place + 56, 8))), 16, 10),
                t = (a & 4294967295) * (b & 4294967295),
                u = (a >> 32) * (b & 4294967295) + (t >> 32),
                v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
                s4 = (v << 32) | (t & 4294967295),
                h4 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32);
            set s5 = ((((s5 >> 32) + (h1 >> 32) + (((s5 & 4294967295) + (h1 & 4294967295)) >> 32)) << 32)
                | (((s5 & 4294967295) + (h1 & 4294967295)) & 4294967295)),
                s6 = ((((s6 >> 32) + (h2 >> 32) + (((s6 & 4294967295) + (h2 & 4294967295)) >> 32)) << 32)
                | (((s6 & 4294967295) + (h2 & 4294967295)) & 4294967295)),
                s7 = ((((s7 >> 32) + (h3 >> 32) + (((s7 & 4294967295) + (h3 & 4294967295)) >> 32)) << 32)
                | (((s7 & 4294967295) + (h3 & 4294967295)) & 4294967295)),
                s8 = ((((s8 >> 32) + (h4 >> 32) + (((s8 & 4294967295) + (h4 & 4294967295)) >> 32)) << 32)
                | (((s8 & 4294967295) + (h4 & 4294967295)) & 4294967295));
            set s2 = s2 ^ s5, s3 = s3 ^ s6, s4 = s4 ^ s7, s1 = s1 ^ s8, place = place + 64, blocks = blocks - 1;
        end while;
        set s1 = s1 ^ s2 ^ s3 ^ s4, s5 = s5 ^ s6 ^ s7 ^ s8;
    end if;
    while place < length(message) do
        set a = s1 ^ conv(hex(reverse(substr(message, place, 8))), 16, 10),
            b = s5 ^ conv(hex(reverse(substr(message, place + 8, 8))), 16, 10),
            t = (a & 4294967295) * (b & 4294967295),
            u = (a >> 32) * (b & 4294967295) + (t >> 32),
            v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
            h1 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32),
            s5 = ((((s5 >> 32) + (h1 >> 32) + (((s5 & 4294967295) + (h1 & 4294967295)) >> 32)) << 32)
                | (((s5 & 4294967295) + (h1 & 4294967295)) & 4294967295)),
            s1 = ((v << 32) | (t & 4294967295)) ^ s5,
            place = place + 16;
    end while;
    return ((s1 >> 32) * 1000 + (((s1 & 4294967295) * 1000) >> 32)) >> 32;
end
//
create or replace function {schema}.migrate_segment_of_number_1(number bigint, seed1 bigint unsigned, seed5 bigint unsigned)
returns integer deterministic no sql sql security invoker
begin
    declare s1, s5, h1, a, b, t, u, v bigint unsigned;
    set s1 = seed1, s5 = seed5;
    set a = s1 ^ cast(number as unsigned),
        b = s5 ^ 1,
        t = (a & 4294967295) * (b & 4294967295),
        u = (a >> 32) * (b & 4294967295) + (t >> 32),
        v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
        h1 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32),
        s5 = ((((s5 >> 32) + (h1 >> 32) + (((s5 & 4294967295) + (h1 & 4294967295)) >> 32)) << 32)
                | (((s5 & 4294967295) + (h1 & 4294967295)) & 4294967295)),
        s1 = ((v << 32) | (t & 4294967295)) ^ s5;
    set a = s1 ^ 0,
        b = s5 ^ 0,
        t = (a & 4294967295) * (b & 4294967295),
        u = (a >> 32) * (b & 4294967295) + (t >> 32),
        v = (a & 4294967295) * (b >> 32) + (u & 4294967295),
        h1 = (a >> 32) * (b >> 32) + (u >> 32) + (v >> 32),
        s5 = ((((s5 >> 32) + (h1 >> 32) + (((s5 & 4294967295) + (h1 & 4294967295)) >> 32)) << 32)
                | (((s5 & 4294967295) + (h1 & 4294967295)) & 4294967295)),
        s1 = ((v << 32) | (t & 4294967295)) ^ s5;
    return ((s1 >> 32) * 1000 + (((s1 & 4294967295) * 1000) >> 32)) >> 32;
end
//
-- Of the text's UTF-16, as Java has it.
create or replace function {schema}.migrate_segment_of_text_1(
    key_text text character set utf8mb4, seed1 bigint unsigned, seed5 bigint unsigned)
returns integer deterministic no sql sql security invoker
begin
    -- a longer key is refused by whoever owes it
    declare message varbinary(2100) default cast(convert(left(key_text, 513) using utf16le) as binary);
    declare size integer default length(message);
    if size > 0 then
        set message = concat(message, unhex('01'), repeat(unhex('00'), 31 - size % 16));
    else
        set message = repeat(unhex('00'), 32);
    end if;
    return {schema}.migrate_segment_of_bytes_1(message, size div 64, seed1, seed5);
end
//
-- Admits the write of a row, and owes its key where writes are copied. The role is read under a shared lock, which waits for an
-- uncommitted change and then sees it. The library's own copies pass where the side is the shadow, and nowhere else.
create or replace procedure {schema}.migrate_owe_1(
    of_migration varchar(100) character set utf8mb4 collate utf8mb4_nopad_bin,
    of_records varchar(100) character set utf8mb4 collate utf8mb4_nopad_bin,
    of_side varchar(6) character set utf8mb4 collate utf8mb4_nopad_bin,
    owed_key text character set utf8mb4 collate utf8mb4_nopad_bin,
    of_segment integer)
modifies sql data sql security definer
begin
    declare held_role varchar(9);
    declare is_journalled boolean;
    declare held_epoch bigint;
    declare reason varchar(500) character set utf8mb4;
    declare size integer default length(convert(owed_key using utf16le));
    if size is null then
        set reason = concat('a row of records ''', of_records, ''' of migration ''', of_migration,
            ''' has no key, because a column of it is NULL: give every row its key');
        signal sqlstate 'MIG02' set message_text = reason;
    elseif size > 1024 or locate(char(0), owed_key) > 0 then
        set reason = concat('the canonical key of a row of records ''', of_records, ''' of migration ''', of_migration,
            ''' has more than 512 characters, or NUL among them: it cannot be routed either');
        signal sqlstate 'MIG02' set message_text = reason;
    end if;
    select max(s.role), max(s.journalled), max(s.epoch) into held_role, is_journalled, held_epoch
        from {schema}.migrate_role s
        where s.migration = of_migration and s.records = of_records and s.side = of_side and s.segment = of_segment
        lock in share mode;
    if held_role = 'AUTHORITY' then
        if is_journalled then
            insert into {schema}.migrate_journal
                (migration, records, side, record_key, segment, epoch, seq, since, attempts, not_before, parked)
                values (of_migration, of_records, of_side, owed_key, of_segment, held_epoch, 0,
                    utc_timestamp(6), 0, '1970-01-01', false)
                on duplicate key update epoch = values(epoch), seq = next value for {schema}.migrate_seq, attempts = 0,
                    not_before = values(not_before), claimed_by = null, claimed_until = null, parked = false;
            update {schema}.migrate_journal set seq = next value for {schema}.migrate_seq
                where migration = of_migration and records = of_records and side = of_side and record_key = owed_key
                    and seq = 0;
        end if;
    elseif held_role is null or held_role <> 'SHADOW' or @migrate_copying is null then
        set reason = concat('records ''', of_records, ''' of migration ''', of_migration, ''': the ', of_side,
            ' side refuses this write, because it is ', case held_role
                when 'SHADOW' then 'the shadow for the row''s key; write the row on the other side, or by the application''s router'
                when 'FENCED' then 'fenced for a handover; roll back and begin again in a moment, on the side that is authoritative then'
                else 'of no role yet; build the router of these records once' end);
        signal sqlstate 'MIG01' set message_text = reason;
    end if;
end
//
