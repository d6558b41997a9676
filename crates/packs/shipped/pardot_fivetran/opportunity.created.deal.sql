-- Every deal was open once.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  id AS deal,
  'open' AS status,
  as_time(created_at, 'iso') AS created
FROM opportunity
