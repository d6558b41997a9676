-- Every row is a lead.
SELECT
  _record,
  as_date(NULL, 'iso') AS happened,
  "Prospect ID" AS person,
  'person' AS subject,
  'lead' AS stage
FROM leads
