-- A smart campaign; activities name it.
SELECT
  _record,
  as_time(created_at, 'iso') AS happened,
  id AS campaign,
  name,
  type,
  status,
  program_id AS program
FROM campaign
