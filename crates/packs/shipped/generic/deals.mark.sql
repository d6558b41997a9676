-- The stage of now, for deals that are open; `stage_history` knows since when, this row only the last change.
SELECT
  _record,
  as_time(coalesce(updated_at, created_at), 'iso') AS happened,
  TRUE AS assumed,
  deal_id AS deal,
  account_id AS account,
  'deal' AS subject,
  stage,
  owner AS by
FROM deals
WHERE stage IS NOT NULL
  AND (status IS NULL OR lower(status) NOT IN ('won', 'closed won', 'lost', 'closed lost'))
