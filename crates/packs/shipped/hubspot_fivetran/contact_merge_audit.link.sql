-- One contact was merged into another.
SELECT
  _record,
  as_time(timestamp, 'iso') AS happened,
  vid_to_merge AS person,
  canonical_vid AS same_person
FROM contact_merge_audit
