-- A session counts when it starts. One without a source stays without a channel of its own.
SELECT
  _record,
  required(as_time(started_at, 'iso')) AS happened,
  customer_id AS person,
  'session' AS touch,
  'marketing' AS team,
  utm_source AS source,
  utm_medium AS medium,
  utm_campaign AS campaign
FROM sessions
