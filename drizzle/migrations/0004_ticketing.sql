-- why: stock, holds, orders, tickets, refunds, and the records that make each change answerable
create table ticketing.ticket_tiers (
  id uuid primary key default public.uuid_v7(),
  event_id uuid not null references events.events (id),
  name text not null check (char_length(btrim(name)) between 1 and 80),
  price_cents int not null check (price_cents >= 0),
  quantity int not null check (quantity >= 0),
  issued_quantity int not null default 0 check (issued_quantity >= 0),
  reserved_quantity int not null default 0 check (reserved_quantity >= 0),
  status public.ticket_tier_status not null default 'active',
  sales_start timestamptz,
  sales_end timestamptz,
  description text not null default '' check (char_length(description) <= 500),
  position int not null default 0,
  min_per_order int not null default 1 check (min_per_order >= 1),
  max_per_order int not null default 10 check (max_per_order between 1 and 50),
  tax_rate_bps int not null default 0 check (tax_rate_bps between 0 and 5000),
  paused_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  unique (id, event_id),
  constraint never_oversold check (issued_quantity + reserved_quantity <= quantity),
  check (min_per_order <= max_per_order),
  check (sales_end is null or sales_start is null or sales_end > sales_start)
) with (fillfactor = 50);
create index ticket_tiers_event on ticketing.ticket_tiers (event_id, position);

-- Keeps `status` (people own `inactive`), the version and updated_at: one trigger, one row a batch.
create function ticketing.keep_tier() returns trigger language plpgsql as $$
begin
  if new.status <> 'inactive' then
    new.status := case when new.issued_quantity = new.quantity and new.quantity > 0 then 'sold_out' else 'active' end;
  end if;
  if tg_op = 'UPDATE' then
    new.version := old.version + 1;
    new.updated_at := clock_timestamp();
  end if;
  return new;
end $$;
create trigger keep_tier before insert or update on ticketing.ticket_tiers for each row execute function ticketing.keep_tier();

create table ticketing.ticket_holds (
  id uuid primary key default public.uuid_v7(),
  user_id uuid not null references auth.users (id),
  tier_id uuid not null,
  quantity int not null check (quantity > 0),
  status public.hold_status not null default 'active',
  expires_at timestamptz not null default clock_timestamp() + interval '15 minutes',
  created_at timestamptz not null default clock_timestamp(),
  event_id uuid not null,
  checkout_id uuid not null default public.uuid_v7(),
  -- The quote of one ticket, frozen when the hold was made. Null only on rows loaded from elsewhere.
  unit_face_cents int,
  unit_fee_cents int,
  unit_tax_cents int,
  unit_total_cents int,
  extended_at timestamptz,
  -- How much the pauses of its sale stretched it. While one lasts it has all 30 minutes, and paused_since says since when
  -- (put back by the pauses before, as if all of them were this one), so that the resume takes back exactly what was not used.
  paused_seconds int not null default 0 check (paused_seconds between 0 and 1800),
  paused_since timestamptz check (paused_since is null or paused_seconds = 1800),
  ended_at timestamptz,
  end_reason text,
  version bigint not null default 1,
  foreign key (tier_id, event_id) references ticketing.ticket_tiers (id, event_id),
  unique (checkout_id, tier_id),
  constraint hold_length check (expires_at <= created_at + interval '20 minutes' + make_interval(secs => paused_seconds))
);
-- Expiry and refusals ask by tier, limits and "resume" by person; nothing else is indexed on purpose.
create index ticket_holds_active_tier on ticketing.ticket_holds (tier_id, expires_at) where status = 'active';
create index ticket_holds_person on ticketing.ticket_holds (user_id, event_id);

create function ticketing.fill_hold() returns trigger language plpgsql as $$
begin
  select t.event_id into new.event_id from ticketing.ticket_tiers t where t.id = new.tier_id;
  return new;
end $$;
create trigger fill_hold before insert on ticketing.ticket_holds for each row when (new.event_id is null) execute function ticketing.fill_hold();

-- A hold ends once: converted, released and expired are ends.
create function ticketing.guard_hold() returns trigger language plpgsql as $$
begin
  raise exception 'hold % ended as %', old.id, old.status using errcode = 'check_violation', constraint = 'hold_ends_once';
end $$;
create trigger guard_hold before update of status on ticketing.ticket_holds for each row
  when (old.status <> 'active' and new.status is distinct from old.status) execute function ticketing.guard_hold();

-- Every lapsed checkout of a person: the cool-down counts them. Append-only, so it takes no lock anyone waits for.
create table ticketing.hold_lapses (
  id uuid primary key default public.uuid_v7(),
  event_id uuid not null references events.events (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  checkout_id uuid not null,
  created_at timestamptz not null default clock_timestamp()
);
create index hold_lapses_person on ticketing.hold_lapses (user_id, event_id, created_at);
create index hold_lapses_event on ticketing.hold_lapses (event_id);

create table ticketing.orders (
  id uuid primary key default public.uuid_v7(),
  event_id uuid not null references events.events (id),
  user_id uuid not null references auth.users (id),
  status public.order_status not null default 'pending',
  total_cents int not null default 0 check (total_cents >= 0),
  subtotal_cents int not null default 0 check (subtotal_cents >= 0),
  fees_cents int not null default 0 check (fees_cents >= 0),
  stripe_payment_intent_id text unique,
  created_at timestamptz not null default clock_timestamp(),
  tax_cents int not null default 0 check (tax_cents >= 0),
  tax_included boolean not null default true,
  discount_cents int not null default 0 check (discount_cents >= 0),
  currency char(3) not null default 'EUR',
  checkout_id uuid not null unique default public.uuid_v7(),
  code text not null unique default public.short_code(8),
  mailbox text,
  buyer_name text not null default '' check (char_length(buyer_name) <= 120),
  show_first_name boolean not null default false,
  payment_state text not null default 'none' check (payment_state in ('none', 'started', 'processing', 'failed', 'succeeded')),
  payment_error text,
  captured_cents int check (captured_cents >= 0),
  refunded_cents int not null default 0 check (refunded_cents >= 0),
  late boolean not null default false,
  paid_at timestamptz,
  cancelled_at timestamptz,
  cancel_reason text check (cancel_reason in ('expired', 'by_buyer', 'payment_failed', 'event_cancelled')),
  confirmation_mailed_at timestamptz,
  version bigint not null default 1,
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  unique (id, event_id),
  check (refunded_cents <= coalesce(captured_cents, total_cents)),
  -- a cancelled order loaded from elsewhere may not know why
  check (status <> 'pending' or cancel_reason is null)
);
create index orders_user on ticketing.orders (user_id, created_at desc);
create index orders_event on ticketing.orders (event_id, created_at desc);
create index orders_pending on ticketing.orders (created_at) where status = 'pending';
create index orders_mailbox on ticketing.orders (public.normal_mailbox(mailbox), event_id);

create table ticketing.order_items (
  id uuid primary key default public.uuid_v7(),
  order_id uuid not null references ticketing.orders (id) on delete cascade,
  tier_id uuid not null references ticketing.ticket_tiers (id),
  quantity int not null check (quantity > 0),
  -- Face price of one ticket; with fee, discount and tax below it makes what was paid.
  price_cents int not null check (price_cents >= 0),
  unit_fee_cents int not null default 0 check (unit_fee_cents >= 0),
  unit_tax_cents int not null default 0 check (unit_tax_cents >= 0),
  unit_discount_cents int not null default 0 check (unit_discount_cents >= 0),
  attendee_names jsonb not null default '[]' check (jsonb_typeof(attendee_names) = 'array'),
  created_at timestamptz not null default clock_timestamp(),
  unique (order_id, tier_id)
);
create index order_items_tier on ticketing.order_items (tier_id);

create table ticketing.tickets (
  id uuid primary key default public.uuid_v7(),
  order_id uuid not null,
  event_id uuid not null,
  tier_id uuid not null,
  owner_user_id uuid not null references auth.users (id),
  status public.ticket_status not null default 'issued',
  qr_code text not null unique,
  created_at timestamptz not null default clock_timestamp(),
  sequence_number int not null check (sequence_number > 0),
  rotation int not null default 0 check (rotation >= 0),
  code text not null default public.short_code(8),
  holder_name text not null default '' check (char_length(holder_name) <= 120),
  -- What was paid for this one ticket: a refund is a look-up.
  face_cents int not null default 0,
  fee_cents int not null default 0,
  tax_cents int not null default 0,
  paid_cents int not null default 0 check (paid_cents >= 0),
  suspended_reason text check (suspended_reason in ('refund', 'dispute')),
  redeemed_at timestamptz,
  redeemed_by uuid references auth.users (id),
  gate text,
  status_before_redeem public.ticket_status,
  refunded_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  foreign key (order_id, event_id) references ticketing.orders (id, event_id),
  foreign key (tier_id, event_id) references ticketing.ticket_tiers (id, event_id),
  unique (event_id, sequence_number),
  -- a redeemed ticket loaded from elsewhere may not know when
  check (redeemed_at is null or status = 'redeemed')
);
create index tickets_order on ticketing.tickets (order_id);
create index tickets_owner on ticketing.tickets (owner_user_id, event_id);
create index tickets_tier on ticketing.tickets (tier_id);
create index tickets_redeemed_by on ticketing.tickets (redeemed_by) where redeemed_by is not null;

-- The one row an event's numbering and its staff's version hang on.
create table ticketing.event_counters (
  event_id uuid primary key references events.events (id) on delete cascade,
  last_sequence int not null default 0 check (last_sequence >= 0),
  version bigint not null default 0
) with (fillfactor = 50);

create table ticketing.refunds (
  id uuid primary key default public.uuid_v7(),
  order_id uuid not null references ticketing.orders (id),
  amount_cents int not null check (amount_cents > 0),
  reason text not null default 'requested',
  status public.refund_status not null default 'pending',
  created_at timestamptz not null default clock_timestamp(),
  kind text not null default 'order' check (kind in ('order', 'tickets', 'goodwill', 'late_payment', 'amount_mismatch')),
  note text not null default '',
  provider_refund_id text unique,
  failure text,
  initiated_by uuid references auth.users (id),
  settled_at timestamptz,
  updated_at timestamptz not null default clock_timestamp()
);
create index refunds_order on ticketing.refunds (order_id);
create index refunds_pending on ticketing.refunds (created_at) where status = 'pending';
create index refunds_initiated_by on ticketing.refunds (initiated_by) where initiated_by is not null;
-- What goes back by itself goes back once, however often its payment is reported.
create unique index refunds_automatic_once on ticketing.refunds (order_id) where kind in ('late_payment', 'amount_mismatch');
create table ticketing.refund_tickets (
  refund_id uuid not null references ticketing.refunds (id) on delete cascade,
  ticket_id uuid not null references ticketing.tickets (id),
  primary key (refund_id, ticket_id)
);
create index refund_tickets_ticket on ticketing.refund_tickets (ticket_id);

-- Every owner and every event of a ticket's life.
create table ticketing.ticket_events (
  id uuid primary key default public.uuid_v7(),
  ticket_id uuid not null references ticketing.tickets (id),
  kind text not null check (kind in ('issued', 'moved', 'transferred', 'suspended', 'unsuspended', 'redeemed', 'undone', 'refunded')),
  from_user_id uuid,
  to_user_id uuid,
  actor_user_id uuid,
  detail jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp()
);
create index ticket_events_ticket on ticketing.ticket_events (ticket_id, created_at);

create table ticketing.webhook_events (
  id text primary key,
  type text not null,
  payload jsonb not null,
  received_at timestamptz not null default clock_timestamp(),
  processed_at timestamptz,
  attempts int not null default 0,
  last_error text
);
create index webhook_events_open on ticketing.webhook_events (received_at) where processed_at is null;

-- A lost order is reached by a mailed link: 256 bits, stored hashed, single use, 30 minutes.
create table ticketing.order_links (
  token_sha256 bytea primary key,
  mailbox text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default clock_timestamp() + interval '30 minutes',
  used_at timestamptz
);

create table ticketing.state_log (
  id bigint generated always as identity primary key,
  entity text not null check (entity in ('event', 'order', 'ticket', 'refund')),
  entity_id uuid not null,
  from_state text not null,
  to_state text not null,
  actor_user_id uuid,
  at timestamptz not null default clock_timestamp()
);
create index state_log_entity on ticketing.state_log (entity, entity_id);

-- Legal moves only, each written down. Ends are ends; the one way back is a late payment whose places could be taken again.
create function ticketing.log_transition() returns trigger language plpgsql as $$
declare
  v_entity text := tg_argv[0];
  v_move text := old.status::text || '>' || new.status::text;
  v_legal text[] := case tg_argv[0]
    when 'event' then array['draft>published', 'draft>cancelled', 'published>draft', 'published>postponed', 'postponed>published', 'published>cancelled', 'postponed>cancelled']
    when 'order' then array['pending>paid', 'pending>cancelled', 'cancelled>paid', 'paid>refunded']
    when 'ticket' then array['issued>transferred', 'issued>redeemed', 'transferred>redeemed', 'issued>refunded', 'transferred>refunded', 'redeemed>issued', 'redeemed>transferred', 'redeemed>refunded']
    when 'refund' then array['pending>succeeded', 'pending>failed']
  end;
begin
  if not v_move = any (v_legal) then
    raise exception '% % cannot move %', v_entity, old.id, v_move using errcode = 'check_violation', constraint = v_entity || '_transition';
  end if;
  insert into ticketing.state_log (entity, entity_id, from_state, to_state, actor_user_id)
  values (v_entity, new.id, old.status::text, new.status::text, auth.uid());
  return null;
end $$;
create trigger log_transition after update of status on events.events for each row when (old.status is distinct from new.status) execute function ticketing.log_transition('event');
create trigger log_transition after update of status on ticketing.orders for each row when (old.status is distinct from new.status) execute function ticketing.log_transition('order');
create trigger log_transition after update of status on ticketing.tickets for each row when (old.status is distinct from new.status) execute function ticketing.log_transition('ticket');
create trigger log_transition after update of status on ticketing.refunds for each row when (old.status is distinct from new.status) execute function ticketing.log_transition('refund');

create function ticketing.keep_order() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  return new;
end $$;
create trigger keep_order before update on ticketing.orders for each row execute function ticketing.keep_order();

-- With one order an event cannot be deleted, go back to draft, or change its currency; nor while somebody holds places.
create function ticketing.guard_event() returns trigger language plpgsql as $$
begin
  if exists (select from ticketing.orders o where o.event_id = new.id)
     or exists (select from ticketing.ticket_tiers t join ticketing.ticket_holds h on h.tier_id = t.id where t.event_id = new.id and h.status = 'active' and h.expires_at > clock_timestamp()) then
    raise exception 'event % has orders or buyers at the checkout', new.id using errcode = 'check_violation', constraint = 'event_has_buyers';
  end if;
  return new;
end $$;
create trigger guard_event before update of status, currency, deleted_at on events.events for each row
  when (new.currency <> old.currency or (new.deleted_at is not null and old.deleted_at is null) or (new.status = 'draft' and old.status <> 'draft'))
  execute function ticketing.guard_event();
create trigger touch before update on ticketing.tickets for each row execute function public.touch_updated_at();
create trigger touch before update on ticketing.refunds for each row execute function public.touch_updated_at();

create function ticketing.keep_hold() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end $$;
create trigger keep_hold before update on ticketing.ticket_holds for each row execute function ticketing.keep_hold();
