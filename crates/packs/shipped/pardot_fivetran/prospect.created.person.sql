SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  id AS person,
  email,
  source AS origin
FROM prospect
