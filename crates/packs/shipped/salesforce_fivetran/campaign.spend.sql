-- What the campaign cost, over its days. Where only a budget is known, nothing was spent yet.
SELECT
  _record,
  required(as_date(start_date, 'iso', 'UTC')) AS happened,
  CASE WHEN end_date <> start_date THEN as_date(end_date, 'iso', 'UTC') END AS until,
  left(id, 15) AS campaign,
  type AS channel,
  CASE
    WHEN currency_iso_code IS NULL THEN as_money(actual_cost)
    ELSE as_money(actual_cost, currency_iso_code)
  END AS amount,
  'event' AS paid_for
FROM campaign
WHERE actual_cost IS NOT NULL AND start_date IS NOT NULL
