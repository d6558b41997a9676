-- Money of one day. The day is written as its midnight and stays that day.
SELECT
  b._record,
  required(as_date(b.day, 'iso')) AS happened,
  b.campaign_id AS campaign,
  CASE
    WHEN a.currency IS NULL THEN as_money(b.cost_in_usd, 'USD')
    ELSE as_money(b.cost_in_local_currency, a.currency)
  END AS amount,
  'media' AS paid_for,
  'linkedin_ads' AS channel,
  h.name AS campaign_name,
  as_int(b.impressions) AS impressions,
  as_int(b.clicks) AS clicks
FROM by_campaign AS b
LEFT JOIN campaign_history AS h ON h.id = b.campaign_id
LEFT JOIN account_history AS a ON a.id = h.account_id
