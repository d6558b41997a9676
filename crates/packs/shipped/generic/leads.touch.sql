-- What brought the lead.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  lead_id AS person,
  'lead_created' AS touch,
  'marketing' AS team,
  source,
  medium,
  campaign,
  landing_page
FROM leads
WHERE merged_into IS NULL AND coalesce(source, medium, campaign, landing_page) IS NOT NULL
