-- The only true record of moves to and fro. Add your own stages to the list.
SELECT
  _record,
  required(as_time(timestamp, 'iso')) AS happened,
  contact_id AS person,
  'person' AS subject,
  as_one_of(
    value,
    'subscriber|lead|marketingqualifiedlead|salesqualifiedlead|opportunity|customer|evangelist|other'
  ) AS stage
FROM contact_property_history
