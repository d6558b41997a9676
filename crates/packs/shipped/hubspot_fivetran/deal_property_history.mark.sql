-- Older tables keep the stage as a property like any other. Values are sealed; the stage's label is not.
SELECT
  h._record,
  required(as_time(h.timestamp, 'iso')) AS happened,
  h.deal_id AS deal,
  'deal' AS subject,
  required(s.label) AS stage
FROM deal_property_history AS h
LEFT JOIN deal_pipeline_stage AS s ON s.stage_id = h.value
WHERE s.is_closed IS NULL OR lower(s.is_closed) = 'false'
