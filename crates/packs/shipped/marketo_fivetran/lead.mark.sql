-- The status of now; since when, the table does not say.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  TRUE AS assumed,
  id AS person,
  'person' AS subject,
  lead_status AS stage
FROM lead
WHERE lead_status IS NOT NULL
