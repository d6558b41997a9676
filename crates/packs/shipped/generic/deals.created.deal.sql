-- Every deal was open once.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  deal_id AS deal,
  account_id AS account,
  lead_id AS person,
  owner AS rep,
  'open' AS status,
  as_time(created_at, 'iso') AS created
FROM deals
