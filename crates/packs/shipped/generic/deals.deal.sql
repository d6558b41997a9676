-- A deal as the row shows it. Won or lost is said by `status`; other words mean that it is open.
SELECT
  _record,
  as_time(coalesce(updated_at, closed_at, created_at), 'iso') AS happened,
  deal_id AS deal,
  account_id AS account,
  lead_id AS person,
  owner AS rep,
  CASE
    WHEN lower(status) IN ('won', 'closed won') THEN 'won'
    WHEN lower(status) IN ('lost', 'closed lost') THEN 'lost'
    ELSE 'open'
  END AS status,
  stage,
  as_time(created_at, 'iso') AS created,
  CASE
    WHEN lower(status) IN ('won', 'closed won', 'lost', 'closed lost') THEN as_time(coalesce(closed_at, close_date), 'iso')
  END AS closed,
  as_date(close_date, 'iso') AS close_date,
  CASE
    WHEN currency IS NULL THEN as_money(amount)
    ELSE as_money(amount, currency)
  END AS amount,
  product,
  loss_reason
FROM deals
