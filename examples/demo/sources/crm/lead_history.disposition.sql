-- The answer of sales: accepted, or rejected with a reason that marketing gets to read.
SELECT
  _record,
  required(as_time(changed_at, 'iso')) AS happened,
  lead_id AS person,
  changed_by AS rep,
  required(as_one_of(new_value, 'accepted|rejected')) AS verdict,
  reason
FROM lead_history
WHERE field = 'verdict'
