-- why: two people who edit the same event, tier or organization overwrote each other without a word

-- What forms change counts editions; sales, pauses and pictures do not. A form says which edition it was filled from.
alter table events.events add column edition int not null default 1;
alter table ticketing.ticket_tiers add column edition int not null default 1;
alter table organizations.organizations add column edition int not null default 1;

create function public.raise_edition() returns trigger language plpgsql as $$
begin
  new.edition := old.edition + 1;
  return new;
end $$;
revoke execute on function public.raise_edition() from public;
create trigger raise_edition before update of title, summary, description, visibility, category, start_local, end_local, doors_local,
  start_at, end_at, doors_at, time_zone, venue, address, city, online_url, access_info, line_up, min_age, refund_policy,
  refund_keeps_fees, availability_display, max_per_person, currency, tax_included, resell_refunded, posts_by_verified, waiting_room,
  fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by on events.events for each row execute function public.raise_edition();
create trigger raise_edition before update of name, description, price_cents, quantity, sales_start, sales_end, min_per_order,
  max_per_order, tax_rate_bps on ticketing.ticket_tiers for each row execute function public.raise_edition();
create trigger raise_edition before update of name, city, description, palette, fee_bps, fee_fixed_cents, fee_cap_cents, fee_paid_by
  on organizations.organizations for each row execute function public.raise_edition();
