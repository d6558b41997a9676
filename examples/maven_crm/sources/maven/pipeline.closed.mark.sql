SELECT
  _record,
  required(as_date(close_date, '%m/%d/%Y')) AS happened,
  TRUE AS closes,
  opportunity_id AS deal,
  account,
  sales_agent AS rep,
  'deal' AS subject,
  deal_stage AS stage
FROM pipeline
WHERE deal_stage IN ('Won', 'Lost')
