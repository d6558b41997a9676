-- Money over a month: from the first day, until the first day after.
SELECT
  _record,
  required(as_date("From", '%d.%m.%Y')) AS happened,
  as_date("Until", '%d.%m.%Y') AS until,
  "Campaign" AS campaign,
  required(as_money("Amount", "Currency", ',')) AS amount,
  "Paid for" AS paid_for
FROM spend
