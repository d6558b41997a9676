-- A campaign's state from the moment it was changed.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  id AS campaign,
  name,
  'google_ads' AS channel,
  lower(advertising_channel_type) AS type,
  lower(status) AS status
FROM campaign_history
