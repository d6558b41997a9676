-- Money of one day, one device and one network.
SELECT
  s._record,
  required(as_date(s.date, 'iso')) AS happened,
  s.id AS campaign,
  required(as_micros(s.cost_micros, a.currency_code)) AS amount,
  'media' AS paid_for,
  'google_ads' AS channel,
  as_int(s.impressions) AS impressions,
  as_int(s.clicks) AS clicks
FROM campaign_stats AS s
LEFT JOIN account_history AS a ON a.id = s.customer_id
