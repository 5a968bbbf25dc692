-- Brings each tier's counters back to what the rows say: issued to kept tickets, reserved to active holds. Dry run by default.
-- Takes checkout's locks (tiers by id), so it is safe while sales run.
create or replace function ticketing.reconcile_issued_quantity(p_event_id uuid default null, p_dry_run boolean default true)
returns table (what text, id uuid, before int, after int, done boolean)
language plpgsql set search_path = '' as $$
#variable_conflict use_column
declare
  r record; v_issued int; v_reserved int;
begin
  for r in select t.id from ticketing.ticket_tiers t where p_event_id is null or t.event_id = p_event_id order by t.id loop
    if not p_dry_run then perform 1 from ticketing.ticket_tiers t where t.id = r.id for no key update; end if;
    select count(*) into v_issued from ticketing.tickets k where k.tier_id = r.id and k.status <> 'refunded';
    select coalesce(sum(h.quantity), 0) into v_reserved from ticketing.ticket_holds h where h.tier_id = r.id and h.status = 'active';
    return query select 'tier.issued_quantity'::text, t.id, t.issued_quantity, v_issued, not p_dry_run from ticketing.ticket_tiers t where t.id = r.id and t.issued_quantity <> v_issued;
    return query select 'tier.reserved_quantity'::text, t.id, t.reserved_quantity, v_reserved, not p_dry_run from ticketing.ticket_tiers t where t.id = r.id and t.reserved_quantity <> v_reserved;
    if not p_dry_run then
      update ticketing.ticket_tiers t set issued_quantity = v_issued, reserved_quantity = v_reserved
      where t.id = r.id and (t.issued_quantity, t.reserved_quantity) is distinct from (v_issued, v_reserved);
    end if;
  end loop;
end $$;
