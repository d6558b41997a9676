-- The status of now; `stage_history` knows since when, this row only the last change.
SELECT
  _record,
  as_time(coalesce(updated_at, created_at), 'iso') AS happened,
  TRUE AS assumed,
  lead_id AS person,
  'person' AS subject,
  status AS stage
FROM leads
WHERE merged_into IS NULL AND status IS NOT NULL
