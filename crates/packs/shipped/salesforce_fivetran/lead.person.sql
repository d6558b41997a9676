-- A lead as the row shows it. A converted lead belongs to the account it became.
SELECT
  _record,
  required(as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso')) AS happened,
  left(id, 15) AS person,
  email,
  lead_source AS origin,
  status,
  country,
  industry,
  as_int(number_of_employees) AS employees,
  CASE WHEN starts_with(owner_id, '00G') THEN NULL ELSE left(owner_id, 15) END AS rep
FROM lead
WHERE master_record_id IS NULL
