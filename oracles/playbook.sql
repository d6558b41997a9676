-- What the sources of sessions earn of each purchase, by the four rules of dbt's attribution
-- playbook (github.com/dbt-labs/attribution-playbook): sessions of the customer that began within
-- thirty days before the purchase, in order; all to the first, all to the last, 40 to the first and
-- the last with 20 between (of two 50 each), the same to each. In dollars.
WITH touched AS (
    SELECT session.source AS source, purchase.cents AS cents,
        ROW_NUMBER() OVER (PARTITION BY purchase.purchase ORDER BY session.started) AS place,
        COUNT(*) OVER (PARTITION BY purchase.purchase) AS n
    FROM purchase
    JOIN session ON session.customer = purchase.customer
        AND session.started <= purchase.bought
        AND session.started >= datetime(purchase.bought, '-30 days')
), weighted AS (
    SELECT source, cents,
        place = 1 AS first,
        place = n AS last,
        CASE WHEN n = 1 THEN 1.0 WHEN n = 2 THEN 0.5
             WHEN place IN (1, n) THEN 0.4 ELSE 0.2 / (n - 2) END AS u_last,
        1.0 / n AS linear
    FROM touched
)
SELECT source,
    printf('%.3f', SUM(cents * first) / 100.0),
    printf('%.3f', SUM(cents * last) / 100.0),
    printf('%.3f', SUM(cents * u_last) / 100.0),
    printf('%.3f', SUM(cents * linear) / 100.0)
FROM weighted GROUP BY source ORDER BY source;
