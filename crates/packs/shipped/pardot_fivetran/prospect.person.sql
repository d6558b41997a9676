-- A prospect as the row shows it.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  id AS person,
  email,
  source AS origin,
  grade,
  as_int(score) AS lead_score,
  country,
  industry
FROM prospect
