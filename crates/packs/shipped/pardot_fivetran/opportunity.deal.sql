-- A deal as the row shows it.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  id AS deal,
  campaign_id AS campaign,
  CASE lower(status) WHEN 'won' THEN 'won' WHEN 'lost' THEN 'lost' ELSE 'open' END AS status,
  stage,
  as_time(created_at, 'iso') AS created,
  CASE WHEN lower(status) IN ('won', 'lost') THEN as_time(closed_at, 'iso') END AS closed,
  as_money(value) AS amount,
  type
FROM opportunity
