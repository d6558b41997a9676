-- The account is the same company as another.
SELECT
  _record,
  as_time(coalesce(updated_at, created_at), 'iso') AS happened,
  account_id AS account,
  merged_into AS same_account
FROM accounts
WHERE merged_into IS NOT NULL
