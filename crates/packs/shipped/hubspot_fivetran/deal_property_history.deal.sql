-- What the stage says of the deal's status.
SELECT
  h._record,
  required(as_time(h.timestamp, 'iso')) AS happened,
  h.deal_id AS deal,
  CASE
    WHEN lower(s.closed_won) = 'true' THEN 'won'
    WHEN lower(s.is_closed) = 'true' THEN 'lost'
    ELSE 'open'
  END AS status,
  CASE WHEN lower(s.is_closed) = 'true' THEN as_time(h.timestamp, 'iso') END AS closed
FROM deal_property_history AS h
LEFT JOIN deal_pipeline_stage AS s ON s.stage_id = h.value
WHERE s.is_closed IS NOT NULL
