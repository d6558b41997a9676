-- A stage short of an end, from the moment it was entered.
SELECT
  d._record,
  required(as_time(d.date_entered, 'iso')) AS happened,
  d.deal_id AS deal,
  'deal' AS subject,
  coalesce(s.label, d.value) AS stage
FROM deal_stage AS d
LEFT JOIN deal_pipeline_stage AS s ON s.stage_id = d.value
WHERE s.is_closed IS NULL OR lower(s.is_closed) = 'false'
