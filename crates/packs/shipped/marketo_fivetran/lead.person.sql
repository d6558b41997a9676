-- A lead as the row shows it.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  id AS person,
  email,
  lead_source AS origin,
  lead_status AS status,
  as_int(lead_score) AS lead_score,
  country,
  industry
FROM lead
