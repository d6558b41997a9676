-- A contact by somebody of ours. The side is the one on which the caller sat that day.
SELECT
  _record,
  required(as_time(happened_at, 'iso')) AS happened,
  lower(replace(kind, ' ', '_')) AS touch,
  'conversation' AS medium,
  CASE WHEN user_team IN ('Demand', 'SDR (Marketing)') THEN 'marketing' ELSE 'sales' END AS team,
  account_id AS account,
  lead_id AS person,
  opportunity_id AS deal,
  user_id AS rep
FROM activities
