-- Money over a month: from the first day, until the first day after. A statement over a quarter holds
-- what was spent on the parts of its campaign, and what it came to besides.
SELECT
  _record,
  required(as_date("From", '%d.%m.%Y')) AS happened,
  as_date("Until", '%d.%m.%Y') AS until,
  "Campaign" AS campaign,
  required(as_money("Amount", "Currency", ',')) AS amount,
  "Paid for" AS paid_for,
  as_bool("Holds its parts") AS includes_children
FROM spend
