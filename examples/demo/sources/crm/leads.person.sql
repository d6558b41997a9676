-- One state of a lead. The address is hashed into an identity; name, title and address stay sealed.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  lead_id AS person,
  account_id AS account,
  email,
  lead_source AS origin,
  country,
  region,
  as_int(lead_score) AS lead_score,
  status,
  owner_id AS rep
FROM leads
