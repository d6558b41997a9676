-- A contact as the row shows it.
SELECT
  _record,
  required(as_time(coalesce(system_modstamp, last_modified_date, _fivetran_synced), 'iso')) AS happened,
  left(id, 15) AS person,
  left(account_id, 15) AS account,
  email,
  lead_source AS origin,
  mailing_country AS country,
  left(owner_id, 15) AS rep
FROM contact
WHERE master_record_id IS NULL
