-- The stage of now; since when, the table does not say. Ends are told by status and close date.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  TRUE AS assumed,
  id AS deal,
  'deal' AS subject,
  stage
FROM opportunity
WHERE stage IS NOT NULL AND (status IS NULL OR lower(status) NOT IN ('won', 'lost'))
