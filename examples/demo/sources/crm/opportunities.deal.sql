-- One state of a deal. `person` is the conversion link; a deal that sales found has none.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  required(opportunity_id) AS deal,
  account_id AS account,
  lead_id AS person,
  owner_id AS rep,
  CASE stage WHEN 'Closed Won' THEN 'won' WHEN 'Closed Lost' THEN 'lost' ELSE 'open' END AS status,
  stage,
  as_time(created_at, 'iso') AS created,
  as_date(closed_on, '%Y-%m-%d') AS closed,
  as_date(expected_close, '%Y-%m-%d') AS close_date,
  as_money(amount, currency) AS amount,
  product,
  loss_reason,
  competitor
FROM opportunities
