-- why: a signed webhook may carry \u0000 or half of a surrogate pair, which jsonb refuses; json keeps the text as it was sent.
alter table ticketing.webhook_events alter column payload type json;
