-- What the touches of each won deal earn by every rule of places, as weights within the deal: all
-- touches of its buyer up to the close, in the order of facts. A rule has parts for the first touch,
-- the last one not after the lead was created, the last one not after the deal was, and the last; what
-- holds several has all of theirs. Held places get theirs in hundredths and others share the rest, so
-- theirs weigh as much for each other; where nobody else is, places stand in proportion, or share what
-- is left in equal parts. Last non-direct: the last touch that is led, else the last.
-- Decay, participation and estimated models have their twins in crates/testkit/src/truth: SQLite has
-- no powers, and paths of channels are no tables.
WITH rule(name, first, lead, made, last, other, is_equal) AS (VALUES
    ('first', 1, 0, 0, 0, 0, 0),
    ('last', 0, 0, 0, 1, 0, 0),
    ('linear', 0, 0, 0, 0, 1, 0),
    ('u_last', 40, 0, 0, 40, 20, 0),
    ('u_lead', 40, 40, 0, 0, 20, 0),
    ('u_even', 50, 50, 0, 0, 0, 0),
    ('w', 30, 30, 30, 0, 10, 0),
    ('full_path', 225, 225, 225, 225, 100, 0),
    ('j', 20, 0, 0, 60, 20, 0),
    ('j_equal', 20, 0, 0, 60, 20, 1),
    ('inverse_j', 60, 0, 0, 20, 20, 0),
    ('inverse_j_equal', 60, 0, 0, 20, 20, 1)
),
earning AS (
    SELECT deal.deal AS deal, deal.pursuit AS pursuit, touch.touch AS touch, touch.at AS at,
        touch.is_direct AS is_direct,
        ROW_NUMBER() OVER (PARTITION BY deal.deal ORDER BY touch.touch) AS place,
        COUNT(*) OVER (PARTITION BY deal.deal) AS n
    FROM deal
    JOIN buyer ON buyer.pursuit = deal.pursuit
    JOIN touch ON touch.buyer = buyer.buyer AND touch.at <= deal.closed
    WHERE deal.outcome = 'won'
),
placed AS (
    SELECT earning.*,
        MAX(CASE WHEN at <= (SELECT lead.until FROM lead WHERE lead.pursuit = earning.pursuit
                             ORDER BY lead.lead LIMIT 1)
            THEN place END) OVER (PARTITION BY deal) AS at_lead,
        MAX(CASE WHEN at <= (SELECT made.until FROM made WHERE made.deal = earning.deal)
            THEN place END) OVER (PARTITION BY deal) AS at_made,
        MAX(CASE WHEN NOT is_direct THEN place END) OVER (PARTITION BY deal) AS led
    FROM earning
),
held AS (
    SELECT deal, touch, name, other, is_equal,
        (place = 1) * first + IFNULL(place = at_lead, 0) * lead
            + IFNULL(place = at_made, 0) * made + (place = n) * last AS parts,
        (place = 1 AND first > 0) + IFNULL(place = at_lead AND lead > 0, 0)
            + IFNULL(place = at_made AND made > 0, 0) + (place = n AND last > 0) AS positions
    FROM placed CROSS JOIN rule
),
counted AS (
    SELECT held.*,
        SUM(positions = 0) OVER (PARTITION BY deal, name) AS others,
        SUM(positions) OVER (PARTITION BY deal, name) AS places
    FROM held
)
SELECT deal, touch, name,
    CASE WHEN positions = 0 THEN other
         WHEN others > 0 THEN parts * others
         WHEN is_equal THEN parts * places + other * positions
         ELSE parts END AS weight
FROM counted
UNION ALL
SELECT deal, touch, 'last_non_direct', place = IFNULL(led, n) FROM placed
ORDER BY 1, 2, 3;
