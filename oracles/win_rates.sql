-- The named win rates of [:from, :until): over all ends; by value in EUR minor units; of deals
-- created then; of pursuits that first entered :step then. Each as part and whole.
SELECT
    (SELECT COUNT(*) FROM deal WHERE outcome = 'won' AND closed >= :from AND closed < :until),
    (SELECT COUNT(*) FROM deal WHERE outcome IS NOT NULL AND closed >= :from AND closed < :until),
    (SELECT COALESCE(SUM(amount), 0) FROM deal
     WHERE outcome = 'won' AND currency = 'EUR' AND closed >= :from AND closed < :until),
    (SELECT COALESCE(SUM(amount), 0) FROM deal
     WHERE outcome IN ('won', 'lost') AND currency = 'EUR' AND closed >= :from AND closed < :until),
    (SELECT COUNT(*) FROM deal WHERE outcome = 'won' AND created >= :from AND created < :until),
    (SELECT COUNT(*) FROM deal WHERE created >= :from AND created < :until),
    (SELECT COUNT(*) FROM first_entry JOIN pursuit USING (pursuit)
     WHERE outcome = 'won' AND step = :step AND entered >= :from AND entered < :until),
    (SELECT COUNT(*) FROM first_entry
     WHERE step = :step AND entered >= :from AND entered < :until);
