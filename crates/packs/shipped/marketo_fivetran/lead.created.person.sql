-- The lead's creation, with what does not change afterwards.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  id AS person,
  email,
  lead_source AS origin
FROM lead
