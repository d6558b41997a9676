-- Whose the lead is: a colleague (005…) or a queue (00G…).
SELECT
  _record,
  required(as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso')) AS happened,
  left(id, 15) AS person,
  'person' AS subject,
  CASE WHEN starts_with(owner_id, '00G') THEN NULL ELSE left(owner_id, 15) END AS rep,
  CASE WHEN starts_with(owner_id, '00G') THEN left(owner_id, 15) END AS queue
FROM lead
WHERE master_record_id IS NULL AND owner_id IS NOT NULL
