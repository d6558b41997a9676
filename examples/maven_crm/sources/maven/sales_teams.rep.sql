-- The sheet does not say since when, so the seat is undated: it holds at every moment.
SELECT
  _record,
  sales_agent AS rep,
  regional_office AS team,
  manager,
  regional_office AS region
FROM sales_teams
