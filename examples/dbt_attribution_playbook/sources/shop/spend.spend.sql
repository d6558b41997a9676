-- What one campaign cost on one day.
SELECT
  _record,
  required(as_date(date_day, 'iso')) AS happened,
  utm_campaign AS campaign,
  utm_source AS channel,
  required(as_money(spend)) AS amount,
  'media' AS paid_for
FROM spend
