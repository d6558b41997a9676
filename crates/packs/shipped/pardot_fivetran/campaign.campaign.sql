-- A campaign. Its cost has no days, so it is kept beside the name and is no spend.
SELECT
  _record,
  id AS campaign,
  name,
  as_money(cost) AS cost
FROM campaign
