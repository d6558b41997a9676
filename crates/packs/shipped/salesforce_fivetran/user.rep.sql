-- A colleague's seat, from the moment the row says.
SELECT
  u._record,
  required(as_time(coalesce(u.system_modstamp, u.last_modified_date, u._fivetran_synced), 'iso')) AS happened,
  left(u.id, 15) AS rep,
  coalesce(r.name, u.department) AS team,
  left(u.manager_id, 15) AS manager,
  u.division AS region,
  as_bool(u.is_active) AS is_active
FROM user AS u
LEFT JOIN user_role AS r ON r.id = u.user_role_id
