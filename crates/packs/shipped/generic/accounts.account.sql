SELECT
  _record,
  as_time(coalesce(updated_at, created_at), 'iso') AS happened,
  account_id AS account,
  name,
  lower(domain) AS domain,
  industry,
  as_int(employees) AS employees,
  country,
  owner AS rep
FROM accounts
WHERE merged_into IS NULL
