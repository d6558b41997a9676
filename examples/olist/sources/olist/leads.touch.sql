-- The first contact itself, the only touch that the files know.
SELECT
  _record,
  required(as_date(first_contact_date, '%Y-%m-%d')) AS happened,
  mql_id AS person,
  'first_contact' AS touch,
  'marketing' AS team,
  origin AS source,
  landing_page_id AS landing_page
FROM leads
