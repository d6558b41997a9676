SELECT
  _record,
  required(as_date("Start", '%d.%m.%Y')) AS happened,
  "Campaign" AS campaign,
  "Title" AS title,
  "Channel" AS channel,
  as_date("End", '%d.%m.%Y') AS last_day
FROM campaigns
