-- One row per event, a named pass or fail per launch condition. Publishing needs every one.
create or replace view ticketing.event_readiness with (security_invoker = true) as
select r.*, (select count(*)::int from unnest(array[has_title, has_description, has_start, has_end, has_place, has_city, has_poster, has_tier, has_prices, has_sales_window, has_refund_policy]) x where x) as passed,
  11 as total,
  has_title and has_description and has_start and has_end and has_place and has_city and has_poster and has_tier and has_prices and has_sales_window and has_refund_policy as ready
from (
  select e.id as event_id,
    char_length(btrim(e.title)) >= 3 as has_title,
    char_length(btrim(e.description)) >= 80 as has_description,
    e.start_at is not null and e.start_at > clock_timestamp() as has_start,
    e.end_at is not null and e.end_at > e.start_at as has_end,
    coalesce(btrim(e.venue), '') <> '' or e.online_url is not null as has_place,
    coalesce(btrim(e.city), '') <> '' as has_city,
    e.poster is not null or e.cover_image_url is not null as has_poster,
    exists (select from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null and t.status <> 'inactive' and t.quantity > 0) as has_tier,
    exists (select from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null)
      and not exists (select from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null and t.price_cents > 0 and t.price_cents < 30) as has_prices,
    exists (select from ticketing.ticket_tiers t where t.event_id = e.id and t.deleted_at is null and t.status <> 'inactive' and coalesce(t.sales_end, e.start_at) > clock_timestamp()) as has_sales_window,
    e.refund_policy is not null as has_refund_policy
  from events.events e where e.deleted_at is null
) r;
