-- HubSpot's seven own stages. Values may be of any property, so only listed words come out: add yours.
SELECT
  _record,
  required(as_time(timestamp, 'iso')) AS happened,
  deal_id AS deal,
  'deal' AS subject,
  as_one_of(
    value,
    'appointmentscheduled|qualifiedtobuy|presentationscheduled|decisionmakerboughtin|contractsent|closedwon|closedlost'
  ) AS stage
FROM deal_property_history
