-- The status of now. Since when is not in this table: the day of conversion, else the latest stamp is assumed.
-- `lead_history` has the true moments.
SELECT
  _record,
  CASE
    WHEN converted_date IS NOT NULL THEN as_date(converted_date, 'iso', 'UTC')
    ELSE as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso')
  END AS happened,
  TRUE AS assumed,
  left(id, 15) AS person,
  'person' AS subject,
  status AS stage,
  CASE WHEN starts_with(owner_id, '005') THEN left(owner_id, 15) END AS by
FROM lead
WHERE master_record_id IS NULL AND status IS NOT NULL
