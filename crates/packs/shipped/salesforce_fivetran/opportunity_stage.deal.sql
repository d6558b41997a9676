-- What a change says of the deal. The table has no flag for won and lost: the forecast category tells.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(opportunity_id, 15) AS deal,
  CASE forecast_category WHEN 'Closed' THEN 'won' WHEN 'Omitted' THEN 'lost' ELSE 'open' END AS status,
  stage_name AS stage,
  CASE WHEN forecast_category IN ('Closed', 'Omitted') THEN as_date(close_date, 'iso', 'UTC') END AS closed,
  as_date(close_date, 'iso', 'UTC') AS close_date,
  CASE
    WHEN currency_iso_code IS NULL THEN as_money(amount)
    ELSE as_money(amount, currency_iso_code)
  END AS amount
FROM opportunity_stage
