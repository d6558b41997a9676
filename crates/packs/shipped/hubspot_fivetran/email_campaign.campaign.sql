SELECT
  _record,
  id AS campaign,
  coalesce(name, subject) AS name,
  'email' AS channel,
  coalesce(sub_type, type) AS type
FROM email_campaign
