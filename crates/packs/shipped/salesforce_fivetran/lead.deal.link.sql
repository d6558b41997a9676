-- ... and has a part in the deal that was opened with it.
SELECT
  _record,
  as_date(converted_date, 'iso', 'UTC') AS happened,
  left(id, 15) AS person,
  left(converted_opportunity_id, 15) AS deal,
  'converted' AS role
FROM lead
WHERE master_record_id IS NULL AND converted_opportunity_id IS NOT NULL
