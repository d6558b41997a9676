-- A task that was done: a call, a mail, or something else. A due date without an hour stays a day.
SELECT
  _record,
  CASE
    WHEN completed_date_time IS NOT NULL THEN as_time(completed_date_time, 'iso')
    ELSE as_date(coalesce(activity_date, last_modified_date, created_date), 'iso', 'UTC')
  END AS happened,
  left(who_id, 15) AS person,
  left(account_id, 15) AS account,
  CASE WHEN starts_with(what_id, '006') THEN left(what_id, 15) END AS deal,
  left(owner_id, 15) AS rep,
  CASE
    WHEN lower(task_subtype) IN ('call', 'email', 'listemail') THEN lower(task_subtype)
    WHEN lower(type) IN ('call', 'email', 'meeting') THEN lower(type)
    ELSE 'task'
  END AS touch,
  CASE WHEN lower(task_subtype) = 'listemail' THEN 'marketing' ELSE 'sales' END AS team
FROM task
