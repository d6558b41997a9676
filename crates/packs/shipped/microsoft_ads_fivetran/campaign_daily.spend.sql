-- Money of one day. The day is the account's, and stays that day.
SELECT
  _record,
  required(as_date(date, 'iso')) AS happened,
  campaign_id AS campaign,
  required(as_money(spend, currency_code)) AS amount,
  'media' AS paid_for,
  'microsoft_ads' AS channel,
  as_int(impressions) AS impressions,
  as_int(clicks) AS clicks
FROM campaign_daily
