-- The deal as it was when it was engaged: open, at list price. A prospect has no engagement date, so
-- its state has no date either and holds at every moment.
SELECT
  p._record,
  as_date(p.engage_date, '%m/%d/%Y') AS happened,
  p.opportunity_id AS deal,
  p.account,
  p.sales_agent AS rep,
  'open' AS status,
  as_date(p.engage_date, '%m/%d/%Y') AS created,
  as_money(products.sales_price, 'USD') AS amount,
  CASE p.product WHEN 'GTXPro' THEN 'GTX Pro' ELSE p.product END AS product,
  products.series AS series
FROM pipeline AS p
LEFT JOIN products ON products.product = CASE p.product WHEN 'GTXPro' THEN 'GTX Pro' ELSE p.product END
