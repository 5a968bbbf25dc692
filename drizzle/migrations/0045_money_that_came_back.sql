-- why: a dispute that was won may be lost after all; how net moved yesterday also depends on what came back since

create index refunds_taken_back on ticketing.refunds (event_id) where taken_back_at is not null;
create index disputes_won on ticketing.disputes (event_id) where status = 'won';

-- As in 0018, with won>lost.
create or replace function ticketing.log_transition() returns trigger language plpgsql as $$
declare
  v_entity text := tg_argv[0];
  v_move text := old.status::text || '>' || new.status::text;
  v_legal text[] := case tg_argv[0]
    when 'event' then array['draft>published', 'draft>cancelled', 'published>draft', 'published>postponed', 'postponed>published', 'published>cancelled', 'postponed>cancelled']
    when 'order' then array['pending>paid', 'pending>cancelled', 'cancelled>paid', 'paid>refunded']
    when 'ticket' then array['issued>transferred', 'issued>redeemed', 'transferred>redeemed', 'issued>refunded', 'transferred>refunded', 'redeemed>issued', 'redeemed>transferred', 'redeemed>refunded']
    when 'refund' then array['pending>succeeded', 'pending>failed', 'succeeded>failed']
    when 'dispute' then array['inquiry>open', 'inquiry>closed', 'inquiry>won', 'inquiry>lost', 'open>closed', 'open>won', 'open>lost', 'lost>won', 'won>lost']
  end;
begin
  if not v_move = any (v_legal) then
    raise exception '% % cannot move %', v_entity, old.id, v_move using errcode = 'check_violation', constraint = v_entity || '_transition';
  end if;
  insert into ticketing.state_log (entity, entity_id, from_state, to_state, actor_user_id)
  values (v_entity, new.id, old.status::text, new.status::text, auth.uid());
  return null;
end $$;
