-- A person in a campaign: their answer on its day, else the day on which they were put into it.
SELECT
  _record,
  CASE
    WHEN lower(has_responded) = 'true' AND first_responded_date IS NOT NULL THEN as_date(first_responded_date, 'iso', 'UTC')
    ELSE as_time(created_date, 'iso')
  END AS happened,
  left(coalesce(contact_id, lead_id), 15) AS person,
  left(account_id, 15) AS account,
  left(campaign_id, 15) AS campaign,
  CASE WHEN lower(has_responded) = 'true' THEN 'campaign_response' ELSE 'campaign_member' END AS touch,
  'marketing' AS team,
  status
FROM campaign_member
