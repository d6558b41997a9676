-- A contact as the row shows it.
SELECT
  _record,
  required(as_time(coalesce(property_lastmodifieddate, _fivetran_synced), 'iso')) AS happened,
  id AS person,
  property_associatedcompanyid AS account,
  property_email AS email,
  lower(property_hs_analytics_source) AS origin,
  property_lifecyclestage AS lifecycle_stage,
  property_hs_lead_status AS status,
  as_decimal(property_hubspotscore) AS lead_score,
  property_country AS country,
  property_hubspot_owner_id AS rep
FROM contact
