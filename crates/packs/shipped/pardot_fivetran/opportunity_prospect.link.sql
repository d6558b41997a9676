SELECT
  _record,
  as_time(updated_at, 'iso') AS happened,
  prospect_id AS person,
  opportunity_id AS deal
FROM opportunity_prospect
