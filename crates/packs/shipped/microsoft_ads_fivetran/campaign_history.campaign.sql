-- A campaign's state from the moment it was changed.
SELECT
  _record,
  required(as_time(modified_time, 'iso')) AS happened,
  id AS campaign,
  name,
  'microsoft_ads' AS channel,
  type,
  status
FROM campaign_history
