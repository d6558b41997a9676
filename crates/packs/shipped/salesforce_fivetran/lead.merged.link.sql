-- The lead lost a merge: the two are one person.
SELECT
  _record,
  as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso') AS happened,
  left(id, 15) AS person,
  left(master_record_id, 15) AS same_person
FROM lead
WHERE master_record_id IS NOT NULL
