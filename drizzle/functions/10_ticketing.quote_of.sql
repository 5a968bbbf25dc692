-- The quote of one ticket (docs/domain.md, "Order"). The same arithmetic stands in packages/contracts/src/money.ts; a property test holds them together.
-- Called by reserve_batch when it freezes a quote and by reads that show the price a buyer pays.
create or replace function ticketing.quote_of(
  p_face int, p_fee_bps int, p_fee_fixed int, p_fee_cap int, p_paid_by text, p_tax_bps int, p_tax_included boolean,
  out face_cents int, out fee_cents int, out tax_cents int, out total_cents int
) language sql immutable parallel safe as $$
  select p_face, f.fee, x.tax, p_face + f.fee + case when p_tax_included then 0 else x.tax end
  from (select case when p_paid_by <> 'buyer' or p_face = 0 then 0
                    else least(coalesce(p_fee_cap, 2147483647), floor(p_face::numeric * p_fee_bps / 10000 + 0.5)::int + p_fee_fixed) end as fee) f,
  lateral (select case when p_tax_included
                    then floor((p_face + f.fee)::numeric * p_tax_bps / (10000 + p_tax_bps) + 0.5)::int
                    else floor((p_face + f.fee)::numeric * p_tax_bps / 10000 + 0.5)::int end as tax) x
$$;
