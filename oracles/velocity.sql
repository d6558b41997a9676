-- Count and total seconds from opening to end, per outcome. Two instants differ in seconds, all
-- else in calendar days of the zone; whoever lacks a date is not counted.
SELECT outcome, COUNT(*) AS pursuits,
       SUM(CASE WHEN has_times = 1
                -- Whole seconds, downwards also before zero.
                THEN (ended - opened - (((ended - opened) % 1000000) + 1000000) % 1000000) / 1000000
                ELSE (ended_day - opened_day) * 86400 END) AS seconds
FROM pursuit
WHERE outcome IS NOT NULL AND opened_day IS NOT NULL AND ended_day IS NOT NULL
GROUP BY outcome ORDER BY outcome;
