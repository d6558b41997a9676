SELECT
  _record,
  required(as_time(activity_date, 'iso')) AS happened,
  lead_id AS person,
  campaign_id AS campaign,
  'email_open' AS touch,
  'marketing' AS team,
  'email' AS medium,
  email_template_id AS asset
FROM open_email
