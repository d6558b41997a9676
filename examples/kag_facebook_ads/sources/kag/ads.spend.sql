-- One ad over its whole life. Whom it was aimed at stands in for the campaign, which the file does not name.
SELECT
  _record,
  as_date(NULL, 'iso') AS happened,
  concat(age, ' ', gender) AS campaign,
  'facebook' AS channel,
  required(as_money("Spent")) AS amount,
  'media' AS paid_for,
  interest,
  as_int("Impressions") AS impressions,
  as_int("Clicks") AS clicks,
  as_int("Total_Conversion") AS conversions
FROM ads
