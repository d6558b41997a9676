-- Won over won and lost, deals closed in [:from, :until).
SELECT COALESCE(SUM(outcome = 'won'), 0) AS won,
       COALESCE(SUM(outcome IN ('won', 'lost')), 0) AS closed
FROM deal WHERE closed >= :from AND closed < :until;
