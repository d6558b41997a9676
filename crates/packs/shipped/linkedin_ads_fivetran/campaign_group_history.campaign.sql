-- A group of campaigns: what most companies call one.
SELECT
  _record,
  required(as_time(last_modified_time, 'iso')) AS happened,
  concat('group ', id) AS campaign,
  name,
  'linkedin_ads' AS channel
FROM campaign_group_history
