-- A converted lead is the contact it became.
SELECT
  _record,
  as_date(converted_date, 'iso', 'UTC') AS happened,
  left(id, 15) AS person,
  left(converted_contact_id, 15) AS same_person
FROM lead
WHERE master_record_id IS NULL AND converted_contact_id IS NOT NULL
