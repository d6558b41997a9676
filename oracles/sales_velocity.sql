-- The parts of a sales velocity in [:from, :until): deals open just before :until; won deals with an
-- amount in EUR and their sum; won, and won or lost; won deals with both dates and the seconds
-- between. A deal is open while it is in no end stage; what is undated is there from the beginning.
SELECT
    (SELECT COUNT(*) FROM deal
     WHERE (known_from IS NULL OR known_from < :until) AND NOT EXISTS (
         SELECT 1 FROM visit
         WHERE visit.pursuit = deal.pursuit AND visit.is_end
           AND (visit.entered IS NULL OR visit.entered < :until)
           AND (NOT visit.is_left OR visit.left_at >= :until))),
    (SELECT COUNT(amount) FROM deal
     WHERE outcome = 'won' AND currency = 'EUR' AND closed >= :from AND closed < :until),
    (SELECT COALESCE(SUM(amount), 0) FROM deal
     WHERE outcome = 'won' AND currency = 'EUR' AND closed >= :from AND closed < :until),
    (SELECT COUNT(*) FROM deal WHERE outcome = 'won' AND closed >= :from AND closed < :until),
    (SELECT COUNT(*) FROM deal
     WHERE outcome IN ('won', 'lost') AND closed >= :from AND closed < :until),
    (SELECT COUNT(*) FROM deal
     WHERE outcome = 'won' AND created_day IS NOT NULL AND closed >= :from AND closed < :until),
    (SELECT COALESCE(SUM(
         CASE WHEN has_times
              -- Whole seconds, downwards also before zero.
              THEN (closed - created - (((closed - created) % 1000000) + 1000000) % 1000000)
                   / 1000000
              ELSE (closed_day - created_day) * 86400 END), 0) FROM deal
     WHERE outcome = 'won' AND created_day IS NOT NULL AND closed >= :from AND closed < :until);
