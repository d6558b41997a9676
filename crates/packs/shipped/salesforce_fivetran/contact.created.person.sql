SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(id, 15) AS person,
  left(account_id, 15) AS account,
  email,
  lead_source AS origin
FROM contact
WHERE master_record_id IS NULL
