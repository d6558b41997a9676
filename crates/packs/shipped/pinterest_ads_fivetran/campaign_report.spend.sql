-- Money of one day, in dollars.
SELECT
  _record,
  required(as_date(date, 'iso')) AS happened,
  campaign_id AS campaign,
  required(as_micros(spend_in_micro_dollar, 'USD')) AS amount,
  'media' AS paid_for,
  'pinterest_ads' AS channel,
  as_int(impression_1) AS impressions,
  as_int(clickthrough_1) AS clicks
FROM campaign_report
