-- A company as the row shows it.
SELECT
  _record,
  as_time(coalesce(property_hs_lastmodifieddate, property_createdate), 'iso') AS happened,
  id AS account,
  property_name AS name,
  lower(split_part(replace(replace(replace(coalesce(property_domain, property_website), 'https://', ''), 'http://', ''), 'www.', ''), '/', 1)) AS domain,
  property_industry AS industry,
  as_int(property_numberofemployees) AS employees,
  property_country AS country,
  property_hubspot_owner_id AS rep
FROM company
