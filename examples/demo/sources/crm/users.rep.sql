-- A seat, from the moment the CRM says. The SDRs sat with marketing in 2024 and with sales since; the
-- two teams keep two names, so that 2024 stays what it was.
SELECT
  _record,
  required(as_time(updated_at, 'iso')) AS happened,
  user_id AS rep,
  CASE team
    WHEN 'Demand' THEN 'demand'
    WHEN 'SDR (Marketing)' THEN 'sdr-marketing'
    WHEN 'SDR (Sales)' THEN 'sdr-sales'
    WHEN 'AE North' THEN 'ae-north'
    WHEN 'AE South' THEN 'ae-south'
    WHEN 'AE Atlantic' THEN 'ae-atlantic'
  END AS team,
  manager_id AS manager,
  region,
  role
FROM users
