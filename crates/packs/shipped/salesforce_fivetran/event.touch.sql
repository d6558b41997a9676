-- A meeting, when it begins.
SELECT
  _record,
  required(as_time(coalesce(start_date_time, activity_date), 'iso')) AS happened,
  left(who_id, 15) AS person,
  left(account_id, 15) AS account,
  CASE WHEN starts_with(what_id, '006') THEN left(what_id, 15) END AS deal,
  left(owner_id, 15) AS rep,
  'meeting' AS touch,
  'sales' AS team
FROM event
