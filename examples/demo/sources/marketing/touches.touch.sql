SELECT
  _record,
  required(as_time("Time", '%d.%m.%Y %H:%M')) AS happened,
  "CRM lead" AS person,
  "Kind" AS touch,
  'marketing' AS team,
  "Medium" AS medium,
  "Source" AS source,
  "Campaign" AS campaign
FROM touches
