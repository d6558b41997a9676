-- The same deal once it closed. A won deal is worth its order; a lost one keeps the list price, since
-- the 0 in the file says what came in and not what was at stake. A close without an hour belongs to
-- the end of its day.
SELECT
  p._record,
  required(as_date(p.close_date, '%m/%d/%Y')) AS happened,
  TRUE AS closes,
  p.opportunity_id AS deal,
  p.account,
  p.sales_agent AS rep,
  lower(p.deal_stage) AS status,
  as_date(p.engage_date, '%m/%d/%Y') AS created,
  as_date(p.close_date, '%m/%d/%Y') AS closed,
  as_money(CASE p.deal_stage WHEN 'Won' THEN p.close_value ELSE products.sales_price END, 'USD') AS amount,
  CASE p.product WHEN 'GTXPro' THEN 'GTX Pro' ELSE p.product END AS product,
  products.series AS series
FROM pipeline AS p
LEFT JOIN products ON products.product = CASE p.product WHEN 'GTXPro' THEN 'GTX Pro' ELSE p.product END
WHERE p.deal_stage IN ('Won', 'Lost')
