SELECT
  _record,
  required(as_time(converted_at, 'iso')) AS happened,
  customer_id AS person,
  'person' AS subject,
  'customer' AS stage
FROM conversions
