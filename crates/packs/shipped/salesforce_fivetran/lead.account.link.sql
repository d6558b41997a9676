-- ... and belongs to the account it was converted to.
SELECT
  _record,
  as_date(converted_date, 'iso', 'UTC') AS happened,
  left(id, 15) AS person,
  left(converted_account_id, 15) AS account
FROM lead
WHERE master_record_id IS NULL AND converted_account_id IS NOT NULL
