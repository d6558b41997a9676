-- Of the pursuits whose first visit to :entry was entered in [:from, :until): how many reached
-- :target or beyond at or after it, within :days calendar days of the entry.
WITH first AS (
    SELECT pursuit, MIN(visit) AS visit FROM visit WHERE step = :entry GROUP BY pursuit
), entry AS (
    SELECT visit.pursuit, visit.visit, visit.entered_day
    FROM visit JOIN first USING (pursuit, visit)
    WHERE visit.entered >= :from AND visit.entered < :until
)
SELECT COUNT(*) AS entered,
       COALESCE(SUM(EXISTS (
           SELECT 1 FROM visit
           WHERE visit.pursuit = entry.pursuit AND visit.visit >= entry.visit
             AND visit.is_on_path = 1 AND visit.step >= :target
             AND visit.entered_day - entry.entered_day < :days)), 0) AS reached
FROM entry;
