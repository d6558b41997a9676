-- A lead as the row shows it, from its last change on.
SELECT
  _record,
  as_time(coalesce(updated_at, created_at), 'iso') AS happened,
  lead_id AS person,
  account_id AS account,
  email,
  source AS origin,
  status,
  as_decimal(score) AS lead_score,
  country,
  segment,
  owner AS rep
FROM leads
WHERE merged_into IS NULL
