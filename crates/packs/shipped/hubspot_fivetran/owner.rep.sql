-- A colleague, undated: the table does not say since when.
SELECT
  _record,
  owner_id AS rep,
  type
FROM owner
