-- Every deal was open once.
SELECT
  _record,
  required(as_time(property_createdate, 'iso')) AS happened,
  deal_id AS deal,
  property_hs_primary_associated_company AS account,
  'open' AS status,
  as_time(property_createdate, 'iso') AS created
FROM deal
