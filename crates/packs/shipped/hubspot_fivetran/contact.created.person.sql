-- The contact's creation, with what does not change afterwards.
SELECT
  _record,
  required(as_time(property_createdate, 'iso')) AS happened,
  id AS person,
  property_associatedcompanyid AS account,
  property_email AS email,
  lower(property_hs_analytics_source) AS origin
FROM contact
