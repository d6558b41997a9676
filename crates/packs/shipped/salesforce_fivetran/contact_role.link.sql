-- A part that a contact has in a deal.
SELECT
  _record,
  as_time(created_date, 'iso') AS happened,
  left(contact_id, 15) AS person,
  left(opportunity_id, 15) AS deal,
  role,
  as_bool(is_primary) AS is_primary
FROM contact_role
