-- One state of an account, from its start on.
SELECT
  _record,
  required(as_time(_fivetran_start, 'iso')) AS happened,
  left(id, 15) AS account,
  name,
  lower(split_part(replace(replace(replace(website, 'https://', ''), 'http://', ''), 'www.', ''), '/', 1)) AS domain,
  industry,
  as_int(number_of_employees) AS employees,
  billing_country AS country,
  type,
  left(parent_id, 15) AS parent,
  left(owner_id, 15) AS rep
FROM account_version
