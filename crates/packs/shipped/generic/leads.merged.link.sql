-- The lead is the same person as another.
SELECT
  _record,
  as_time(coalesce(updated_at, created_at), 'iso') AS happened,
  lead_id AS person,
  merged_into AS same_person,
  'generic' AS same_person_namespace
FROM leads
WHERE merged_into IS NOT NULL
