SELECT
  _record,
  required(as_date("Start", '%d.%m.%Y')) AS happened,
  "Campaign" AS campaign,
  "Title" AS name,
  "Channel" AS channel,
  "Vendor" AS vendor,
  as_date("End", '%d.%m.%Y') AS last_day,
  "Part of" AS parent
FROM campaigns
