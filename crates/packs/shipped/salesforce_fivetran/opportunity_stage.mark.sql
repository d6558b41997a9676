SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(opportunity_id, 15) AS deal,
  'deal' AS subject,
  stage_name AS stage,
  left(created_by_id, 15) AS by
FROM opportunity_stage
WHERE stage_name IS NOT NULL AND (forecast_category IS NULL OR forecast_category NOT IN ('Closed', 'Omitted'))
