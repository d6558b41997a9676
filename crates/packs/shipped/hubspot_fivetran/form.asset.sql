SELECT
  _record,
  as_time(created_at, 'iso') AS happened,
  guid AS asset,
  name,
  lower(form_type) AS type
FROM form
