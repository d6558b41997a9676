-- A campaign as it was when it was copied.
SELECT
  _record,
  required(as_time(created_time, 'iso')) AS happened,
  id AS campaign,
  name,
  'pinterest_ads' AS channel,
  lower(status) AS status
FROM campaign_history
