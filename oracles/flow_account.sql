-- The same at account level: overlapping or touching visits of one account to one step are one
-- stay (islands), found by the running maximum of what ended before.
WITH stretch AS (
    SELECT account, step,
           COALESCE(entered, -9223372036854775808) AS a,
           CASE WHEN is_left = 0 THEN 9223372036854775807
                ELSE COALESCE(left_at, -9223372036854775808) END AS b
    FROM visit WHERE account IS NOT NULL
), marked AS (
    SELECT *, a > MAX(b) OVER (PARTITION BY account, step ORDER BY a, b
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS starts
    FROM stretch
), numbered AS (
    SELECT *, SUM(COALESCE(starts, 1)) OVER (PARTITION BY account, step ORDER BY a, b
                                             ROWS UNBOUNDED PRECEDING) AS island
    FROM marked
), stay AS (
    SELECT step, MIN(a) AS a, MAX(b) AS b FROM numbered GROUP BY account, step, island
)
SELECT step,
       SUM(a < :from AND b >= :from) AS at_start,
       SUM(a >= :from AND a < :until) AS entered,
       SUM(b >= :from AND b < :until) AS gone,
       SUM(a < :until AND b >= :until) AS at_end
FROM stay GROUP BY step ORDER BY step;
