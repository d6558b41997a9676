-- The lead's creation, with what does not change afterwards.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  lead_id AS person,
  account_id AS account,
  email,
  source AS origin
FROM leads
WHERE merged_into IS NULL
