SELECT
  _record,
  required(as_time(started_at, 'iso')) AS happened,
  customer_id AS person,
  'person' AS subject,
  'session' AS stage
FROM sessions
