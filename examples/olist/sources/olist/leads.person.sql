-- One lead, from the day of first contact on. A blank origin stays absent: it is not the word `unknown`.
SELECT
  _record,
  required(as_date(first_contact_date, '%Y-%m-%d')) AS happened,
  mql_id AS person,
  origin,
  landing_page_id AS landing_page
FROM leads
