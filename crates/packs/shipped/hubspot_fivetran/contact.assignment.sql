SELECT
  _record,
  required(as_time(coalesce(property_lastmodifieddate, _fivetran_synced), 'iso')) AS happened,
  id AS person,
  'person' AS subject,
  property_hubspot_owner_id AS rep
FROM contact
WHERE property_hubspot_owner_id IS NOT NULL
