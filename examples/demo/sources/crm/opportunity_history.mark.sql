SELECT
  _record,
  required(as_time(changed_at, 'iso')) AS happened,
  opportunity_id AS deal,
  'deal' AS subject,
  new_stage AS stage,
  changed_by AS rep,
  reason
FROM opportunity_history
