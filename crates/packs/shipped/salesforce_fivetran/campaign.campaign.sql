SELECT
  _record,
  as_time(coalesce(created_date, start_date), 'iso') AS happened,
  left(id, 15) AS campaign,
  name,
  type AS channel,
  status,
  left(parent_id, 15) AS parent,
  as_date(start_date, 'iso', 'UTC') AS starts,
  as_date(end_date, 'iso', 'UTC') AS last_day
FROM campaign
