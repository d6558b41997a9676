SELECT
  _record,
  as_time(created_at, 'iso') AS happened,
  account_id AS account,
  name,
  domain,
  country,
  region,
  industry,
  as_int(employees) AS employees
FROM accounts
