-- The day the contact became this, in either of HubSpot's two generations of the property.
SELECT
  _record,
  as_time(coalesce(property_hs_lifecyclestage_lead_date, property_hs_v_2_date_entered_lead), 'iso') AS happened,
  id AS person,
  'person' AS subject,
  'lead' AS stage
FROM contact
WHERE coalesce(property_hs_lifecyclestage_lead_date, property_hs_v_2_date_entered_lead) IS NOT NULL
