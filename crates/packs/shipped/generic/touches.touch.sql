SELECT
  _record,
  required(as_time(at, 'iso')) AS happened,
  lead_id AS person,
  account_id AS account,
  deal_id AS deal,
  campaign,
  rep,
  kind AS touch,
  as_one_of(coalesce(team, 'marketing'), 'marketing|sales|partner|product') AS team,
  channel,
  source,
  medium,
  landing_page,
  asset
FROM touches
