-- The stage of now, from its last change on. Ends are told by the status and the close date, not by marks.
SELECT
  _record,
  as_time(coalesce(last_stage_change_date, system_modstamp, last_modified_date, _fivetran_synced), 'iso') AS happened,
  last_stage_change_date IS NULL AS assumed,
  left(id, 15) AS deal,
  left(account_id, 15) AS account,
  'deal' AS subject,
  stage_name AS stage,
  left(owner_id, 15) AS by
FROM opportunity
WHERE lower(is_closed) = 'false' AND stage_name IS NOT NULL
