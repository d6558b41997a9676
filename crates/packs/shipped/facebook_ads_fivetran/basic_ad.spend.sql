-- Money of one ad on one day.
SELECT
  b._record,
  required(as_date(b.date, 'iso')) AS happened,
  h.campaign_id AS campaign,
  CASE
    WHEN a.currency IS NULL THEN as_money(b.spend)
    ELSE as_money(b.spend, a.currency)
  END AS amount,
  'media' AS paid_for,
  'meta_ads' AS channel,
  b.ad_id AS ad,
  as_int(b.impressions) AS impressions,
  as_int(b.inline_link_clicks) AS clicks
FROM basic_ad AS b
LEFT JOIN ad_history AS h ON h.id = b.ad_id
LEFT JOIN account_history AS a ON a.id = b.account_id
