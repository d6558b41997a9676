-- Two words are spelt wrong in the file and are mended here, nowhere else.
SELECT
  _record,
  account,
  CASE sector WHEN 'technolgy' THEN 'technology' ELSE sector END AS sector,
  CASE office_location WHEN 'Philipines' THEN 'Philippines' ELSE office_location END AS country,
  subsidiary_of AS parent,
  as_int(employees) AS employees,
  as_int(year_established) AS established,
  as_decimal(revenue) AS revenue_millions
FROM accounts
