-- The seat of a colleague. The table does not say since when, so it holds at every moment.
SELECT
  o._record,
  o.owner_id AS rep,
  coalesce(t.name, o.team_id) AS team
FROM owner_team AS o
LEFT JOIN team AS t ON t.id = o.team_id
