-- why: disputes, refunds made outside and refunds that fail late change what a payment is worth; a receipt names its card
alter table ticketing.orders
  -- The card that paid, as the provider names it: for the receipt.
  add column card_brand text check (char_length(card_brand) between 1 and 40),
  add column card_last4 text check (card_last4 ~ '^[0-9]{4}$'),
  -- Null: no dispute, or the bank decided for the seller.
  add column dispute_state text check (dispute_state in ('open', 'lost')),
  -- Money that the buyer's bank has taken back: the open and the lost disputes.
  add column disputed_cents int not null default 0 check (disputed_cents >= 0),
  -- What the buyer is to have back in all, once a refund came back: see settle_refund.
  add column due_back_cents int not null default 0 check (due_back_cents >= 0),
  -- What of that is with us again, because a refund came back. Kept by keep_order.
  add column owed_cents int not null default 0,
  add constraint owed_is_what_came_back check (owed_cents = greatest(0, due_back_cents - refunded_cents - disputed_cents)),
  add constraint disputed_money_has_a_dispute check (disputed_cents = 0 or dispute_state is not null);
create index orders_disputed on ticketing.orders (event_id) where dispute_state is not null;
create index orders_owed on ticketing.orders (event_id) where owed_cents > 0;

create or replace function ticketing.keep_order() returns trigger language plpgsql as $$
begin
  new.version := old.version + 1;
  new.updated_at := clock_timestamp();
  new.owed_cents := greatest(0, new.due_back_cents - new.refunded_cents - new.disputed_cents);
  return new;
end $$;

-- outside: made in the provider's dashboard. owed: money that came back is sent once more.
alter table ticketing.refunds drop constraint refunds_kind_check;
alter table ticketing.refunds
  add constraint refunds_kind_check check (kind in ('order', 'tickets', 'goodwill', 'late_payment', 'amount_mismatch', 'outside', 'owed')),
  -- When the bank sent it back after it had succeeded.
  add column taken_back_at timestamptz check (taken_back_at is null or status = 'failed');

-- A buyer's bank asks for a payment back. One row per dispute of the provider, brought to where the provider says it stands.
create table ticketing.disputes (
  id uuid primary key default public.uuid_v7(),
  order_id uuid not null,
  event_id uuid not null,
  provider_dispute_id text not null unique,
  amount_cents int not null check (amount_cents > 0),
  -- inquiry: the bank asks, no money has moved. closed: it asked and dropped it.
  status text not null check (status in ('inquiry', 'open', 'won', 'lost', 'closed')),
  -- The provider's word: fraudulent, duplicate, product_not_received …
  reason text not null,
  -- Until when evidence can be handed in, in the provider's dashboard.
  respond_by timestamptz,
  opened_at timestamptz not null,
  closed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  foreign key (order_id, event_id) references ticketing.orders (id, event_id),
  check ((closed_at is not null) = (status in ('won', 'lost', 'closed')))
);
create index disputes_order on ticketing.disputes (order_id);
create index disputes_event on ticketing.disputes (event_id) where status in ('inquiry', 'open');
create trigger touch before update on ticketing.disputes for each row execute function public.touch_updated_at();

alter table ticketing.state_log drop constraint state_log_entity_check;
alter table ticketing.state_log add constraint state_log_entity_check check (entity in ('event', 'order', 'ticket', 'refund', 'dispute'));

-- As in 0004, with what the provider may do later: a refund fails after it had succeeded, a bank decides.
create or replace function ticketing.log_transition() returns trigger language plpgsql as $$
declare
  v_entity text := tg_argv[0];
  v_move text := old.status::text || '>' || new.status::text;
  v_legal text[] := case tg_argv[0]
    when 'event' then array['draft>published', 'draft>cancelled', 'published>draft', 'published>postponed', 'postponed>published', 'published>cancelled', 'postponed>cancelled']
    when 'order' then array['pending>paid', 'pending>cancelled', 'cancelled>paid', 'paid>refunded']
    when 'ticket' then array['issued>transferred', 'issued>redeemed', 'transferred>redeemed', 'issued>refunded', 'transferred>refunded', 'redeemed>issued', 'redeemed>transferred', 'redeemed>refunded']
    when 'refund' then array['pending>succeeded', 'pending>failed', 'succeeded>failed']
    when 'dispute' then array['inquiry>open', 'inquiry>closed', 'inquiry>won', 'inquiry>lost', 'open>closed', 'open>won', 'open>lost', 'lost>won']
  end;
begin
  if not v_move = any (v_legal) then
    raise exception '% % cannot move %', v_entity, old.id, v_move using errcode = 'check_violation', constraint = v_entity || '_transition';
  end if;
  insert into ticketing.state_log (entity, entity_id, from_state, to_state, actor_user_id)
  values (v_entity, new.id, old.status::text, new.status::text, auth.uid());
  return null;
end $$;
create trigger log_transition after update of status on ticketing.disputes for each row when (old.status is distinct from new.status) execute function ticketing.log_transition('dispute');

-- The door tells a disputed ticket from one whose refund is under way.
alter table analytics.scan_logs drop constraint scan_logs_outcome_check;
alter table analytics.scan_logs add constraint scan_logs_outcome_check
  check (outcome in ('admitted', 'undone', 'forged', 'stale', 'suspended', 'disputed', 'refunded', 'already', 'wrong_event', 'wrong_day'));

-- Kept totals know disputed money.
alter table ticketing.event_totals add column disputed_cents bigint not null default 0;
alter table ticketing.event_changes add column disputed_cents bigint not null default 0;

alter table ticketing.disputes enable row level security;
alter table ticketing.disputes force row level security;
create policy disputes_service on ticketing.disputes to service_role using (true) with check (true);
grant select, insert, update, delete on ticketing.disputes to service_role;
