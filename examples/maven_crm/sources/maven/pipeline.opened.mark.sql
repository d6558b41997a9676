-- Whoever has an engagement date was engaged then, whatever the row says today. Only the rows that
-- still prospect are marked so, without a date, for there is none.
SELECT
  _record,
  as_date(engage_date, '%m/%d/%Y') AS happened,
  opportunity_id AS deal,
  account,
  sales_agent AS rep,
  'deal' AS subject,
  CASE deal_stage WHEN 'Prospecting' THEN 'Prospecting' ELSE 'Engaging' END AS stage
FROM pipeline
