-- A signed seller. `person` is the conversion link: this deal came out of that lead. The declared
-- revenue is a form field that nearly everybody left at zero, so it is not taken for an amount.
SELECT
  _record,
  required(as_time(won_date, '%Y-%m-%d %H:%M:%S')) AS happened,
  required(seller_id) AS deal,
  mql_id AS person,
  sr_id AS rep,
  sdr_id AS sdr,
  'won' AS status,
  as_time(won_date, '%Y-%m-%d %H:%M:%S') AS closed,
  business_segment AS segment,
  lead_type,
  lead_behaviour_profile AS behaviour,
  business_type
FROM closed_deals
