-- Money of one hour.
SELECT
  r._record,
  required(as_time(r.date, 'iso')) AS happened,
  r.campaign_id AS campaign,
  CASE
    WHEN a.currency IS NULL THEN as_micros(r.spend)
    ELSE as_micros(r.spend, a.currency)
  END AS amount,
  'media' AS paid_for,
  'snapchat_ads' AS channel,
  c.name AS campaign_name,
  as_int(r.impressions) AS impressions,
  as_int(r.swipes) AS clicks
FROM campaign_hourly_report AS r
LEFT JOIN campaign_history AS c ON c.id = r.campaign_id
LEFT JOIN ad_account_history AS a ON a.id = c.ad_account_id
