SELECT
  _record,
  as_time(_fivetran_synced, 'iso') AS happened,
  id AS campaign,
  name,
  'reddit_ads' AS channel,
  lower(objective) AS type,
  lower(configured_status) AS status
FROM campaign
