-- An account exists from its creation on; what else is known of it begins with its latest stamp.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(id, 15) AS account,
  name
FROM account
WHERE created_date IS NOT NULL AND master_record_id IS NULL
