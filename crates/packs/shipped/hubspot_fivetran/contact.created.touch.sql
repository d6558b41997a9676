-- What brought the contact, as HubSpot's analytics name it.
SELECT
  _record,
  required(as_time(property_createdate, 'iso')) AS happened,
  id AS person,
  'contact_created' AS touch,
  CASE WHEN property_hs_analytics_source IN ('OFFLINE') THEN 'sales' ELSE 'marketing' END AS team,
  lower(property_hs_analytics_source) AS source,
  property_hs_analytics_source_data_1 AS source_detail
FROM contact
WHERE property_hs_analytics_source IS NOT NULL
