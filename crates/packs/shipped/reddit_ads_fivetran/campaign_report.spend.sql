-- Money of one day.
SELECT
  r._record,
  required(as_date(r.date, 'iso')) AS happened,
  r.campaign_id AS campaign,
  required(as_micros(r.spend, a.currency)) AS amount,
  'media' AS paid_for,
  'reddit_ads' AS channel,
  as_int(r.impressions) AS impressions,
  as_int(r.clicks) AS clicks
FROM campaign_report AS r
LEFT JOIN account AS a ON a.id = r.account_id
