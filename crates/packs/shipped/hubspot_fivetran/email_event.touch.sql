-- What became of a mail of marketing's. Opens are what the reader's mail program reports.
SELECT
  _record,
  required(as_time(created, 'iso')) AS happened,
  recipient AS person,
  recipient AS email,
  email_campaign_id AS campaign,
  concat('email_', lower(type)) AS touch,
  'marketing' AS team,
  'email' AS medium
FROM email_event
