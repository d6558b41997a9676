-- What the touches of each won deal earn by six rules, as weights within the deal: all touches of
-- its buyer up to the close, in the order of facts. First; last; linear; U by its last touch
-- (40, 40, 20 between); J (20, 60, 20 between; of two 25 and 75) and J of two at 30 and 70.
WITH earning AS (
    SELECT deal.deal AS deal, touch.touch AS touch,
        ROW_NUMBER() OVER (PARTITION BY deal.deal ORDER BY touch.touch) AS place,
        COUNT(*) OVER (PARTITION BY deal.deal) AS n
    FROM deal
    JOIN buyer ON buyer.pursuit = deal.pursuit
    JOIN touch ON touch.buyer = buyer.buyer AND touch.at <= deal.closed
    WHERE deal.outcome = 'won'
)
SELECT deal, touch,
    place = 1,
    place = n,
    1,
    CASE WHEN n < 3 THEN 1 WHEN place IN (1, n) THEN 2 * (n - 2) ELSE 1 END,
    CASE WHEN n = 1 THEN 1
         WHEN n = 2 THEN CASE place WHEN 1 THEN 1 ELSE 3 END
         WHEN place = 1 THEN n - 2 WHEN place = n THEN 3 * (n - 2) ELSE 1 END,
    CASE WHEN n = 1 THEN 1
         WHEN n = 2 THEN CASE place WHEN 1 THEN 3 ELSE 7 END
         WHEN place = 1 THEN n - 2 WHEN place = n THEN 3 * (n - 2) ELSE 1 END
FROM earning ORDER BY deal, touch;
