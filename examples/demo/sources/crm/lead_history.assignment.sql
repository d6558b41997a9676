SELECT
  _record,
  required(as_time(changed_at, 'iso')) AS happened,
  lead_id AS person,
  'person' AS subject,
  new_value AS rep
FROM lead_history
WHERE field = 'owner'
