-- The lead's creation, with what does not change afterwards.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(id, 15) AS person,
  email,
  lead_source AS origin
FROM lead
WHERE master_record_id IS NULL
