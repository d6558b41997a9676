-- Money of one day and one placement. A day is written as its midnight where the account is, so it is cut off there.
SELECT
  r._record,
  required(as_date(left(r.date, 10), 'iso')) AS happened,
  r.campaign_id AS campaign,
  required(as_micros(r.billed_charge_local_micro, h.currency)) AS amount,
  'media' AS paid_for,
  'twitter_ads' AS channel,
  h.name AS campaign_name,
  as_int(r.impressions) AS impressions,
  as_int(r.clicks) AS clicks
FROM campaign_report AS r
LEFT JOIN campaign_history AS h ON h.id = r.campaign_id
WHERE r.billed_charge_local_micro IS NOT NULL
