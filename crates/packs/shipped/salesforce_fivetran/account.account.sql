-- An account as the row shows it.
SELECT
  _record,
  required(as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso')) AS happened,
  left(id, 15) AS account,
  name,
  lower(split_part(replace(replace(replace(website, 'https://', ''), 'http://', ''), 'www.', ''), '/', 1)) AS domain,
  industry,
  as_int(number_of_employees) AS employees,
  billing_country AS country,
  type,
  left(parent_id, 15) AS parent,
  left(owner_id, 15) AS rep
FROM account
WHERE master_record_id IS NULL
