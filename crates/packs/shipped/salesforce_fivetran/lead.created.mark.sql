-- Every lead was new once; the table does not say what it was called then.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(id, 15) AS person,
  'person' AS subject,
  'Lead created' AS stage
FROM lead
WHERE master_record_id IS NULL
