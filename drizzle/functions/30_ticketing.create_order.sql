-- Turns a living checkout into a pending order with its frozen quote, or finds the order it already has.
-- Committed before a PaymentIntent exists. Locks: the person's profile, the order, then the (event, mailbox) key. p_names: { tierId: [names] }.
-- Outcomes: created, existing, hold_expired, unknown, person_limit, too_large, paid, closed.
-- The mailbox is the caller's own when her account has confirmed exactly this address. What others order to it from one network address
-- is counted together, and never against her: a stranger must not be able to use up a person's places (docs/domain.md, "Inventory").
-- Nor is a stranger told by the limit what somebody else has: who confirmed the mailbox, or ordered from another address, is not counted.
-- p_mailbox_key: the mailbox under the server's secret, by which orders of erased accounts are known again (mailbox-key.ts).
drop function if exists ticketing.create_order(uuid, uuid, text, text, jsonb, boolean);
create or replace function ticketing.create_order(
  p_checkout_id uuid, p_user_id uuid, p_mailbox text, p_name text, p_names jsonb default '{}', p_show_first_name boolean default false,
  p_mailbox_key bytea default null
) returns jsonb language plpgsql set search_path = '' set enable_seqscan = off as $$
declare
  v_order ticketing.orders; v_event events.events; v_quantity int; v_alive boolean; v_have int; v_until timestamptz;
  v_proven boolean; v_gone boolean; v_total bigint;
begin
  -- Who is being erased at this moment orders nothing more: her name and mailbox would stay. Two tabs of hers come one after the
  -- other: the second would find the order only behind the mailbox key, and nobody may wait for an order there.
  select p.deleted_at is not null into v_gone from public.profiles p where p.id = p_user_id for no key update;
  if v_gone then return jsonb_build_object('outcome', 'unknown'); end if;

  select * into v_order from ticketing.orders where checkout_id = p_checkout_id for update;
  if found and v_order.user_id <> p_user_id then return jsonb_build_object('outcome', 'unknown'); end if;
  if v_order.status in ('paid', 'refunded') then return jsonb_build_object('outcome', 'paid', 'orderId', v_order.id); end if;

  select e.* into v_event from events.events e where e.id = (select h.event_id from ticketing.ticket_holds h where h.checkout_id = p_checkout_id and h.user_id = p_user_id limit 1);
  if v_event.id is null then return jsonb_build_object('outcome', 'unknown'); end if;
  select sum(quantity), bool_and(status = 'active' and expires_at > clock_timestamp() and user_id = p_user_id), min(expires_at) into v_quantity, v_alive, v_until
  from ticketing.ticket_holds where checkout_id = p_checkout_id;
  if not v_alive then return jsonb_build_object('outcome', 'hold_expired', 'orderId', v_order.id); end if;
  if v_order.status = 'cancelled' then return jsonb_build_object('outcome', 'closed', 'orderId', v_order.id); end if;

  v_proven := exists (select from auth.users u where u.id = p_user_id and u.email_verified and not coalesce(u.is_anonymous, false) and lower(u.email) = lower(p_mailbox));
  -- A person is also her mailbox: kept tickets and living checkouts of other accounts with it count. For its owner those that were ordered
  -- by somebody who had confirmed it, for all others those of their own network address by somebody who had not.
  perform pg_advisory_xact_lock(hashtextextended(v_event.id::text || public.normal_mailbox(p_mailbox), 4));
  select coalesce(sum(s.places), 0) into v_have from (
    select o.checkout_id, o.mailbox_proven,
           (select count(*) from ticketing.tickets k where k.order_id = o.id and k.status in ('issued', 'redeemed'))
         + (select coalesce(sum(h.quantity), 0) from ticketing.ticket_holds h where h.checkout_id = o.checkout_id and h.status::text = 'active' and h.expires_at > clock_timestamp()) as places
    from ticketing.orders o
    where public.normal_mailbox(o.mailbox) = public.normal_mailbox(p_mailbox) and o.event_id is not distinct from v_event.id and o.checkout_id <> p_checkout_id and o.status in ('pending', 'paid')
    union all
    -- what an account bought with it that is erased by now: its tickets were mailed, and still admit
    select o.checkout_id, o.mailbox_proven, (select count(*) from ticketing.tickets k where k.order_id = o.id and k.status in ('issued', 'redeemed'))
    from ticketing.erased_mailboxes m join ticketing.orders o on o.id = m.order_id
    where m.mark = sha256(p_mailbox_key || uuid_send(v_event.id))) s
  where s.mailbox_proven = v_proven
    and (v_proven or exists (select from ticketing.ticket_holds mine join ticketing.ticket_holds h on h.address_key is not distinct from mine.address_key
                             where mine.checkout_id = p_checkout_id and h.checkout_id = s.checkout_id));
  if v_have + v_quantity > v_event.max_per_person then
    return jsonb_build_object('outcome', 'person_limit', 'max', v_event.max_per_person, 'have', v_have);
  end if;

  -- Places held before the limit was checked where they are taken: the columns are int, and so is the provider's largest charge.
  select sum(h.quantity::bigint * coalesce(h.unit_total_cents, t.price_cents)) into v_total
  from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id where h.checkout_id = p_checkout_id;
  if v_total > 99999999 then return jsonb_build_object('outcome', 'too_large', 'totalCents', v_total, 'maxCents', 99999999); end if;

  if v_order.id is null then
    insert into ticketing.orders (event_id, user_id, checkout_id, currency, tax_included, refund_policy, refund_keeps_fees, mailbox, buyer_name, show_first_name, mailbox_proven, subtotal_cents, fees_cents, tax_cents, total_cents)
    select v_event.id, p_user_id, p_checkout_id, v_event.currency, coalesce(bool_and(h.unit_total_cents = h.unit_face_cents + h.unit_fee_cents) filter (where h.unit_tax_cents > 0), v_event.tax_included), v_event.refund_policy, v_event.refund_keeps_fees, p_mailbox, p_name, p_show_first_name, v_proven,
           sum(h.quantity * coalesce(h.unit_face_cents, t.price_cents)), sum(h.quantity * coalesce(h.unit_fee_cents, 0)), sum(h.quantity * coalesce(h.unit_tax_cents, 0)),
           sum(h.quantity * coalesce(h.unit_total_cents, t.price_cents))
    from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id where h.checkout_id = p_checkout_id
    on conflict (checkout_id) do nothing
    returning * into v_order;
    -- Made a moment ago by whom the checkout belonged to then. Behind the mailbox key nobody waits for an order: to be asked again.
    if v_order.id is null then raise exception 'checkout % got its order from another person', p_checkout_id using errcode = 'serialization_failure'; end if;
    insert into ticketing.order_items (order_id, tier_id, quantity, price_cents, unit_fee_cents, unit_tax_cents, attendee_names)
    select v_order.id, h.tier_id, h.quantity, coalesce(h.unit_face_cents, t.price_cents), coalesce(h.unit_fee_cents, 0), coalesce(h.unit_tax_cents, 0), coalesce(p_names -> h.tier_id::text, '[]')
    from ticketing.ticket_holds h join ticketing.ticket_tiers t on t.id = h.tier_id where h.checkout_id = p_checkout_id order by h.tier_id;
    return jsonb_build_object('outcome', 'created', 'orderId', v_order.id, 'code', v_order.code, 'totalCents', v_order.total_cents, 'currency', v_order.currency, 'expiresAt', (extract(epoch from v_until) * 1000)::bigint);
  end if;

  update ticketing.orders set mailbox = p_mailbox, mailbox_proven = v_proven, buyer_name = p_name, show_first_name = p_show_first_name where id = v_order.id
    and (mailbox, mailbox_proven, buyer_name, show_first_name) is distinct from (p_mailbox, v_proven, p_name, p_show_first_name);
  update ticketing.order_items i set attendee_names = coalesce(p_names -> i.tier_id::text, '[]') where i.order_id = v_order.id and i.attendee_names is distinct from coalesce(p_names -> i.tier_id::text, '[]');
  return jsonb_build_object('outcome', 'existing', 'orderId', v_order.id, 'code', v_order.code, 'totalCents', v_order.total_cents, 'currency', v_order.currency, 'expiresAt', (extract(epoch from v_until) * 1000)::bigint);
end $$;
