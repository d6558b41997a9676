SELECT
  _record,
  required(as_date(day, '%Y-%m-%d')) AS happened,
  from_currency,
  to_currency,
  required(as_decimal(rate)) AS rate
FROM rates
