-- The fourth contact that was merged into this one. More than four are in `contact_merge_audit`.
SELECT
  _record,
  split_part(property_hs_merged_object_ids, ';', 4) AS person,
  'hubspot' AS person_namespace,
  id AS same_person
FROM contact
WHERE is_given(split_part(property_hs_merged_object_ids, ';', 4))
