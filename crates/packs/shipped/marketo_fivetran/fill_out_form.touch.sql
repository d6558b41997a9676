SELECT
  _record,
  required(as_time(activity_date, 'iso')) AS happened,
  lead_id AS person,
  campaign_id AS campaign,
  'form_submission' AS touch,
  'marketing' AS team,
  webform_id AS asset
FROM fill_out_form
