SELECT
  _record,
  required(as_time(timestamp, 'iso')) AS happened,
  user_id AS person,
  'person' AS subject,
  page_name AS stage
FROM visits
