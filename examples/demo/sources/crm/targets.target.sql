-- A goal, by the first day of its quarter.
SELECT
  _record,
  required(as_date(first_day, '%Y-%m-%d')) AS happened,
  quarter AS period,
  required(as_money(amount, currency)) AS amount,
  set_by AS owner
FROM targets
