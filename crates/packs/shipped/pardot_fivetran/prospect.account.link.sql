-- ... and the account that Salesforce has them in.
SELECT
  _record,
  id AS person,
  left(crm_account_fid, 15) AS account
FROM prospect
WHERE crm_account_fid IS NOT NULL
