-- One state of a contact, from its start on.
SELECT
  _record,
  required(as_time(_fivetran_start, 'iso')) AS happened,
  left(id, 15) AS person,
  left(account_id, 15) AS account,
  email,
  lead_source AS origin,
  mailing_country AS country,
  left(owner_id, 15) AS rep
FROM contact_version
