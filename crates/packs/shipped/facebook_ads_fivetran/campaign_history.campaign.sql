SELECT
  _record,
  required(as_time(updated_time, 'iso')) AS happened,
  id AS campaign,
  name,
  'meta_ads' AS channel
FROM campaign_history
