-- The same person as Salesforce knows them.
SELECT
  _record,
  id AS person,
  left(coalesce(sfdc_contact_id, sfdc_lead_id), 15) AS same_person,
  'salesforce' AS same_person_namespace
FROM lead
WHERE coalesce(sfdc_contact_id, sfdc_lead_id) IS NOT NULL
