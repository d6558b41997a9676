SELECT
  _record,
  required(as_date("from", 'iso')) AS happened,
  as_date(until, 'iso') AS until,
  campaign,
  channel,
  CASE
    WHEN currency IS NULL THEN as_money(amount)
    ELSE as_money(amount, currency)
  END AS amount,
  coalesce(paid_for, 'media') AS paid_for
FROM spend
