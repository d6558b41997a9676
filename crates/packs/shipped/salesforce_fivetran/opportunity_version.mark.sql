-- A stage short of an end, from the start of the state that shows it.
SELECT
  _record,
  required(as_time(_fivetran_start, 'iso')) AS happened,
  left(id, 15) AS deal,
  left(account_id, 15) AS account,
  'deal' AS subject,
  stage_name AS stage,
  left(owner_id, 15) AS by
FROM opportunity_version
WHERE lower(is_closed) = 'false' AND stage_name IS NOT NULL
