-- The third lead that was merged into this one: `merge_ids` is a list in brackets.
SELECT
  _record,
  as_time(activity_date, 'iso') AS happened,
  trim(split_part(replace(replace(merge_ids, '[', ''), ']', ''), ',', 3)) AS person,
  'marketo' AS person_namespace,
  lead_id AS same_person
FROM merge_leads
WHERE is_given(split_part(replace(replace(merge_ids, '[', ''), ']', ''), ',', 3))
