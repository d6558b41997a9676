-- Tracked changes of the stage. Values may be of any field, so only the stages listed here come out: list yours.
SELECT
  _record,
  required(as_time(created_date, 'iso')) AS happened,
  left(opportunity_id, 15) AS deal,
  'deal' AS subject,
  as_one_of(
    new_value,
    'Prospecting|Qualification|Needs Analysis|Value Proposition|Id. Decision Makers|Perception Analysis|Proposal/Price Quote|Negotiation/Review|Closed Won|Closed Lost'
  ) AS stage,
  left(created_by_id, 15) AS by
FROM opportunity_field
WHERE field = 'StageName'
