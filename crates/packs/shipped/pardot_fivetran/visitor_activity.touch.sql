-- A dated contact. Numbers that are not listed here keep the name of their group.
SELECT
  _record,
  required(as_time(created_at, 'iso')) AS happened,
  prospect_id AS person,
  campaign_id AS campaign,
  CASE
    WHEN type = '4' AND coalesce(form_id, form_handler_id, landing_page_id) IS NOT NULL THEN 'form_submission'
    WHEN type = '1' AND coalesce(email_id, list_email_id) IS NOT NULL THEN 'email_click'
    WHEN type = '11' THEN 'email_open'
    WHEN type IN ('12', '35') THEN 'email_unsubscribe'
    WHEN type IN ('15', '16') THEN 'email_preferences'
    WHEN type = '2' THEN 'page_view'
    WHEN type = '20' THEN 'visit'
    WHEN type IN ('17', '21') THEN 'link_click'
    WHEN type = '23' THEN 'webinar_invited'
    WHEN type = '25' THEN 'webinar_registered'
    WHEN type = '24' THEN 'webinar_attended'
    WHEN type = '28' THEN 'event_registered'
    WHEN type = '29' THEN 'event_attended'
    ELSE lower(replace(coalesce(type_name, 'activity'), ' ', '_'))
  END AS touch,
  'marketing' AS team,
  CASE WHEN type_name = 'Email' THEN 'email' END AS medium
FROM visitor_activity
