-- What brought the lead: its source, and the campaign tags of its first visit where the company keeps them.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(id, 15) AS person,
  'lead_created' AS touch,
  'marketing' AS team,
  coalesce(utm_source_c, lead_source) AS source,
  utm_medium_c AS medium,
  utm_campaign_c AS campaign
FROM lead
WHERE master_record_id IS NULL AND (lead_source IS NOT NULL OR utm_source_c IS NOT NULL)
