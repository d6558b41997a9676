-- The seat before the first export is not known; the one of the export is assumed to reach back to the hiring.
SELECT
  u._record,
  as_time(u.created_date, 'iso') AS happened,
  TRUE AS assumed,
  left(u.id, 15) AS rep,
  coalesce(r.name, u.department) AS team,
  left(u.manager_id, 15) AS manager,
  u.division AS region
FROM user AS u
LEFT JOIN user_role AS r ON r.id = u.user_role_id
