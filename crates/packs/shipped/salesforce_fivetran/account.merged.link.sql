-- The account lost a merge: from then on it is the one that won.
SELECT
  _record,
  as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso') AS happened,
  left(id, 15) AS account,
  left(master_record_id, 15) AS same_account
FROM account
WHERE master_record_id IS NOT NULL
