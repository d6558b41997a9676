-- The day the contact became this, in either of HubSpot's two generations of the property.
SELECT
  _record,
  as_time(coalesce(property_hs_lifecyclestage_marketingqualifiedlead_date, property_hs_v_2_date_entered_marketingqualifiedlead), 'iso') AS happened,
  id AS person,
  'person' AS subject,
  'marketingqualifiedlead' AS stage
FROM contact
WHERE coalesce(property_hs_lifecyclestage_marketingqualifiedlead_date, property_hs_v_2_date_entered_marketingqualifiedlead) IS NOT NULL
