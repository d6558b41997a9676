SELECT
  _record,
  required(as_time(entered_at, 'iso')) AS happened,
  deal_id AS deal,
  'deal' AS subject,
  required(stage) AS stage,
  by,
  reason
FROM stages
WHERE deal_id IS NOT NULL
