SELECT
  _record,
  required(as_time(entered_at, 'iso')) AS happened,
  lead_id AS person,
  'person' AS subject,
  required(stage) AS stage,
  by,
  reason
FROM stages
WHERE deal_id IS NULL
