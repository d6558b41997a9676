-- Whose deal it is. The table does not say since when, so it holds at every moment.
SELECT
  _record,
  deal_id AS deal,
  company_id AS account
FROM deal_company
