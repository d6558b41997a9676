-- Every page view is a touch. `4 - purchase` is a touch and a mark: the last page that a buyer sees.
SELECT
  _record,
  required(as_time(timestamp, 'iso')) AS happened,
  user_id AS person,
  split_part(page_name, ' - ', 2) AS touch,
  'marketing' AS team,
  utm_source AS channel,
  utm_source AS source,
  utm_campaign AS campaign
FROM visits
