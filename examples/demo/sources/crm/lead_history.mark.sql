-- What the CRM says about a lead's stage. The charter decides what that is worth.
SELECT
  _record,
  required(as_time(changed_at, 'iso')) AS happened,
  lead_id AS person,
  'person' AS subject,
  new_value AS stage,
  changed_by AS rep,
  reason
FROM lead_history
WHERE field = 'status'
