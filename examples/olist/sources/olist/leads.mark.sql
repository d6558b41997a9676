-- The file holds qualified leads only, so being in it is the mark.
SELECT
  _record,
  required(as_date(first_contact_date, '%Y-%m-%d')) AS happened,
  mql_id AS person,
  'person' AS subject,
  'mql' AS stage
FROM leads
