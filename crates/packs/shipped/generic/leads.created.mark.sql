-- Every lead was created once.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  lead_id AS person,
  'person' AS subject,
  'Lead created' AS stage
FROM leads
WHERE merged_into IS NULL
