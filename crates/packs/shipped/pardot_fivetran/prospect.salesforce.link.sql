-- The same person as Salesforce knows them.
SELECT
  _record,
  id AS person,
  left(coalesce(crm_contact_fid, crm_lead_fid), 15) AS same_person,
  'salesforce' AS same_person_namespace
FROM prospect
WHERE coalesce(crm_contact_fid, crm_lead_fid) IS NOT NULL
