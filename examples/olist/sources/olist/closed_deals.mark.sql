SELECT
  _record,
  required(as_time(won_date, '%Y-%m-%d %H:%M:%S')) AS happened,
  required(seller_id) AS deal,
  mql_id AS person,
  sr_id AS rep,
  'deal' AS subject,
  'won' AS stage
FROM closed_deals
