-- Those that bought a course; nobody says when.
SELECT
  _record,
  as_date(NULL, 'iso') AS happened,
  "Prospect ID" AS person,
  'person' AS subject,
  'converted' AS stage
FROM leads
WHERE "Converted" = '1'
