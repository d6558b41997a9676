-- A part that a contact has in a deal.
SELECT
  _record,
  contact_id AS person,
  deal_id AS deal,
  type_id AS role
FROM deal_contact
