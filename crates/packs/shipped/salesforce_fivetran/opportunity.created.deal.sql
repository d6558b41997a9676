-- Every deal was open once.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(id, 15) AS deal,
  left(account_id, 15) AS account,
  'open' AS status,
  as_time(created_date, 'iso') AS created
FROM opportunity
