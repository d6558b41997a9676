-- A call, a mail, a meeting or a task with one contact, at the time that its own table has.
SELECT
  e._record,
  as_time(
    coalesce(
      c.property_hs_timestamp, m.property_hs_timestamp, g.property_hs_meeting_start_time, g.property_hs_timestamp,
      g.start_time, t.property_hs_timestamp
    ),
    'iso'
  ) AS happened,
  e.contact_id AS person,
  coalesce(
    c.property_hubspot_owner_id, m.property_hubspot_owner_id, g.property_hubspot_owner_id, t.property_hubspot_owner_id
  ) AS rep,
  lower(e.engagement_type) AS touch,
  'sales' AS team
FROM engagement_contact AS e
LEFT JOIN engagement_call AS c ON c.engagement_id = e.engagement_id
LEFT JOIN engagement_email AS m ON m.engagement_id = e.engagement_id
LEFT JOIN engagement_meeting AS g ON g.engagement_id = e.engagement_id
LEFT JOIN engagement_task AS t ON t.engagement_id = e.engagement_id
