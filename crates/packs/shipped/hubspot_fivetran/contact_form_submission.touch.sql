-- A form was sent, with the campaign tags of its page.
SELECT
  _record,
  required(as_time(timestamp, 'iso')) AS happened,
  contact_id AS person,
  'form_submission' AS touch,
  'marketing' AS team,
  split_part(page_url, '?', 1) AS landing_page,
  nullif(split_part(split_part(page_url, 'utm_source=', 2), '&', 1), '') AS source,
  nullif(split_part(split_part(page_url, 'utm_medium=', 2), '&', 1), '') AS medium,
  nullif(split_part(split_part(page_url, 'utm_campaign=', 2), '&', 1), '') AS campaign,
  form_id AS asset
FROM contact_form_submission
