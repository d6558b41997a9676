-- Tracked changes of a lead's status. Only the words listed here come out: list yours.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(lead_id, 15) AS person,
  'person' AS subject,
  as_one_of(
    new_value,
    'New|Open - Not Contacted|Working - Contacted|Working|Nurturing|MQL|SAL|SQL|Qualified|Unqualified|Recycled|Closed - Converted|Closed - Not Converted'
  ) AS stage,
  left(created_by_id, 15) AS by
FROM lead_field
WHERE field = 'Status'
