-- Tells the feed whose holds a statement made, changed or removed: one message in the log for all of them.
--
-- Holds are the one table of the feed that changes by the hundred in a statement, and the replication sender hands out each
-- row of a publication by itself. The message is part of the transaction: what is rolled back is never heard. Whoever follows
-- publication liventix_feed reads it (apps/server/src/platform/live/pgoutput.rules.ts); ids only, as in the publication.
-- A statement over more than 5000 holds says only that there were many: whoever listens reads everything that is open again.
create or replace function ticketing.tell_holds() returns trigger
language plpgsql set search_path = '' as $$
declare
  v_count int; v_rows text;
begin
  select count(*), string_agg(s.row, ',') into v_count, v_rows from (
    select '{"user_id":"' || c.user_id || '","checkout_id":"' || c.checkout_id || '"}' as row from changed c limit 5001) s;
  if v_count > 0 then
    perform pg_logical_emit_message(true, 'liventix_feed',
      '{"t":"ticketing.ticket_holds","c":"' || lower(tg_op) || '","r":' || case when v_count > 5000 then 'null' else '[' || v_rows || ']' end || '}');
  end if;
  return null;
end $$;

drop trigger if exists tell_insert on ticketing.ticket_holds;
drop trigger if exists tell_update on ticketing.ticket_holds;
drop trigger if exists tell_delete on ticketing.ticket_holds;
create trigger tell_insert after insert on ticketing.ticket_holds referencing new table as changed for each statement execute function ticketing.tell_holds();
create trigger tell_update after update on ticketing.ticket_holds referencing new table as changed for each statement execute function ticketing.tell_holds();
create trigger tell_delete after delete on ticketing.ticket_holds referencing old table as changed for each statement execute function ticketing.tell_holds();
