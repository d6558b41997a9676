-- What somebody bought is a deal that is won the moment it is there. The file gives it no name: its second and line do.
SELECT
  _record,
  required(as_time(converted_at, 'iso')) AS happened,
  concat(converted_at, ' ', _line) AS deal,
  customer_id AS person,
  'won' AS status,
  as_time(converted_at, 'iso') AS created,
  as_time(converted_at, 'iso') AS closed,
  as_money(revenue) AS amount
FROM conversions
