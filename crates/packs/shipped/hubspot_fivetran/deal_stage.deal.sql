-- What the stage says of the deal's status: so a deal that was lost, reopened and won tells all three.
SELECT
  d._record,
  required(as_time(d.date_entered, 'iso')) AS happened,
  d.deal_id AS deal,
  CASE
    WHEN lower(s.closed_won) = 'true' THEN 'won'
    WHEN lower(s.is_closed) = 'true' THEN 'lost'
    ELSE 'open'
  END AS status,
  CASE WHEN lower(s.is_closed) = 'true' THEN as_time(d.date_entered, 'iso') END AS closed
FROM deal_stage AS d
LEFT JOIN deal_pipeline_stage AS s ON s.stage_id = d.value
WHERE s.is_closed IS NOT NULL
