-- Money of one hour, kept on its day: the hour is of the advertiser's clock.
SELECT
  r._record,
  required(as_date(r.stat_time_hour, 'iso')) AS happened,
  r.campaign_id AS campaign,
  required(as_money(r.spend, a.currency)) AS amount,
  'media' AS paid_for,
  'tiktok_ads' AS channel,
  h.campaign_name,
  as_int(r.impressions) AS impressions,
  as_int(r.clicks) AS clicks
FROM campaign_report_hourly AS r
LEFT JOIN campaign_history AS h ON h.campaign_id = r.campaign_id
LEFT JOIN advertiser AS a ON a.id = h.advertiser_id
